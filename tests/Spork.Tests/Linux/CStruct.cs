using Spork.Linux;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>A struct of the library and the C struct it mirrors; members in the order of our fields.</summary>
/// <param name="Type">Ours.</param>
/// <param name="Name">C's, as it is written in C.</param>
/// <param name="Members">C's member for each of our fields.</param>
/// <param name="Guard">A macro that only headers with this struct define; null: all supported headers have it.</param>
internal sealed record CStruct(Type Type, string Name, string[] Members, string? Guard = null)
{
    public CExpression Size => CExpression.SizeOf(Name, Guard);

    public IEnumerable<CExpression> Offsets => Members.Select(member => CExpression.OffsetOf(Name, member, Guard));

    /// <summary>A new struct in Spork.Linux is entered here; LayoutTests fails until it is.</summary>
    public static readonly IReadOnlyList<CStruct> All =
    [
        new(typeof(CloneArgs), "struct clone_args",
            ["flags", "pidfd", "child_tid", "parent_tid", "exit_signal", "stack", "stack_size", "tls", "set_tid",
             "set_tid_size", "cgroup"]),
        new(typeof(EpollEvent), "struct epoll_event", ["events", "data"]),
        new(typeof(PollFd), "struct pollfd", ["fd", "events", "revents"]),
        new(typeof(RLimit), "struct rlimit64", ["rlim_cur", "rlim_max"]),
        new(typeof(RobustListHead), "struct robust_list_head", ["list", "futex_offset", "list_op_pending"]),
        new(typeof(RUsage), "struct rusage",
            ["ru_utime.tv_sec", "ru_utime.tv_usec", "ru_stime.tv_sec", "ru_stime.tv_usec", "ru_maxrss", "ru_ixrss",
             "ru_idrss", "ru_isrss", "ru_minflt", "ru_majflt", "ru_nswap", "ru_inblock", "ru_oublock", "ru_msgsnd",
             "ru_msgrcv", "ru_nsignals", "ru_nvcsw", "ru_nivcsw"]),
        new(typeof(SigAction), "struct sigaction", ["sa_handler", "sa_flags", "sa_restorer", "sa_mask"]),
        new(typeof(SigInfo), "siginfo_t", ["si_signo", "si_errno", "si_code", "si_pid", "si_uid", "si_status"]),
        new(typeof(TimeSpec), "struct __kernel_timespec", ["tv_sec", "tv_nsec"]),
        // Kernel 6.13, so not in every distribution's headers: PidFdInfoTests asks the running kernel as well.
        new(typeof(PidFdInfo), "struct pidfd_info",
            ["mask", "cgroupid", "pid", "tgid", "ppid", "ruid", "rgid", "euid", "egid", "suid", "sgid", "fsuid",
             "fsgid", "exit_code"],
            Guard: "PIDFD_INFO_EXIT"),
    ];
}
