namespace Spork.Linux;

/// <summary>asm-generic/fcntl.h, linux/fcntl.h, linux/close_range.h.</summary>
internal static class Fcntl
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_TRUNC = 0x200;
    internal const int O_APPEND = 0x400;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_DIRECTORY = 0x10000;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_PATH = 0x200000;

    /// <summary>O_TMPFILE is this and O_DIRECTORY; libc asks for this one alone.</summary>
    internal const int __O_TMPFILE = 0x400000;

    internal const int AT_FDCWD = -100;
    internal const int AT_REMOVEDIR = 0x200;

    internal const int AT_EMPTY_PATH = 0x1000;

    internal const int FD_CLOEXEC = 1;
    internal const int F_GETFD = 1;
    internal const int F_SETFD = 2;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_ADD_SEALS = 1033;

    internal const int F_SEAL_SEAL = 1;
    internal const int F_SEAL_SHRINK = 2;
    internal const int F_SEAL_GROW = 4;
    internal const int F_SEAL_WRITE = 8;

    internal const int F_SETPIPE_SZ = 1031;

    internal const uint CLOSE_RANGE_UNSHARE = 2;
}
