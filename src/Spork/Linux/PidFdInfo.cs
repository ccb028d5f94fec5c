using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/pidfd.h <c>struct pidfd_info</c>, first published size (64 bytes, kernel 6.13).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PidFdInfo
{
    internal ulong Mask;
    internal ulong CgroupId;
    internal uint Pid;
    internal uint Tgid;
    internal uint Ppid;
    internal uint Ruid;
    internal uint Rgid;
    internal uint Euid;
    internal uint Egid;
    internal uint Suid;
    internal uint Sgid;
    internal uint Fsuid;
    internal uint Fsgid;

    /// <summary>As wait(2) packs it; valid when <see cref="Mask"/> has PIDFD_INFO_EXIT (kernel 6.15).</summary>
    internal int ExitCode;

    internal const ulong PIDFD_INFO_EXIT = 8;

    /// <summary>_IOWR(0xFF, 11, struct pidfd_info).</summary>
    internal const uint PIDFD_GET_INFO = 0xC040FF0B;
}
