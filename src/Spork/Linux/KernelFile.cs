using System.Text;

namespace Spork.Linux;

/// <summary>Files of /proc and of cgroups, by plain calls: whoever fails says its errno.</summary>
internal static unsafe class KernelFile
{
    /// <exception cref="SystemCallException">It cannot be opened.</exception>
    internal static Descriptor Open(string path, int flags) =>
        TryOpen(path, flags, out var errno) ?? throw new SystemCallException("openat", path, errno);

    /// <summary>Null, and why.</summary>
    internal static Descriptor? TryOpen(string path, int flags, out Errno errno)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            var result = Sys.CallRestarting(Syscall.openat, Fcntl.AT_FDCWD, (nint)bytes, flags | Fcntl.O_CLOEXEC);
            errno = result < 0 ? Sys.ErrnoOf(result) : default;
            return result < 0 ? null : new Descriptor((int)result);
        }
    }

    /// <summary>From its beginning, whatever was read of it before. One reader at a time.</summary>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    internal static string Read(Descriptor file, string path)
    {
        var content = new List<byte>();
        var buffer = stackalloc byte[4096];
        while (true)
        {
            var length = Sys.CallRestarting(Syscall.pread64, file.Number, (nint)buffer, 4096, content.Count);
            if (length <= 0)
            {
                return length == 0
                    ? Encoding.ASCII.GetString([.. content])
                    : throw new SystemCallException("pread64", path, Sys.ErrnoOf(length));
            }

            content.AddRange(new ReadOnlySpan<byte>(buffer, (int)length));
        }
    }

    /// <summary>One digit, as the switches of a cgroup take it; default if it worked.</summary>
    internal static Errno Write(Descriptor file, byte digit)
    {
        var written = Sys.CallRestarting(Syscall.write, file.Number, (nint)(&digit), 1);
        return written == 1 ? default : Sys.ErrnoOf(written);
    }
}
