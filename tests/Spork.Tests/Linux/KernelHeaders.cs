namespace Spork.Tests.Linux;

/// <summary>
/// The kernel's own headers. Not libc's beside them: the two declare the same structs (sigaction, siginfo_t) and a
/// program that includes both does not compile, or measures the wrong one.
/// </summary>
internal static class KernelHeaders
{
    public static readonly string[] All =
    [
        "asm/ioctls.h",
        "asm/unistd.h",
        "linux/capability.h",
        "linux/close_range.h",
        "linux/eventpoll.h",
        "linux/fcntl.h",
        "linux/futex.h",
        "linux/ioprio.h",
        "linux/memfd.h",
        "linux/mman.h",
        "linux/mount.h",
        "linux/pidfd.h",
        "asm/poll.h",
        "linux/prctl.h",
        "linux/resource.h",
        "linux/sched.h",
        "linux/securebits.h",
        "linux/stat.h",
        // libc's: the kernel has no header of its own for d_type, and this one declares nothing that the others do.
        "dirent.h",
        "asm/signal.h",
        "asm/siginfo.h",
        "asm/termios.h",
        "linux/time.h",
        "linux/time_types.h",
        "linux/wait.h",
    ];

    /// <summary>Constants younger than the oldest headers the tests run with (Debian 12: Linux 6.1).</summary>
    public static readonly HashSet<string> MayBeMissing = new(StringComparer.Ordinal)
    {
        "MFD_EXEC", // 6.3
        "PIDFD_GET_INFO", // 6.13
        "PIDFD_INFO_EXIT", // 6.15
        "PIDFD_SIGNAL_PROCESS_GROUP", // 6.9
    };
}
