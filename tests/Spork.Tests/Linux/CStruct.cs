using Spork.Linux;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>
/// A struct of the library and the C struct it mirrors. By name, not by order: two fields of one type that changed
/// places would have the right offsets.
/// </summary>
/// <param name="Type">Ours.</param>
/// <param name="Name">C's, as it is written in C.</param>
/// <param name="Members">Pairs <c>our field: C's member</c>.</param>
/// <param name="Guard">A macro that only headers with this struct define; null: all supported headers have it.</param>
/// <param name="PublishedSize">For a struct that grows with the kernel: the macro of the size that ours has.</param>
internal sealed record CStruct(
    Type Type,
    string Name,
    string[] Members,
    string? Guard = null,
    string? PublishedSize = null
)
{
    public CExpression Size =>
        PublishedSize is null ? CExpression.SizeOf(Name, Guard) : CExpression.Macro(PublishedSize);

    public IReadOnlyList<(string Field, CExpression Offset)> Offsets =>
        [
            .. Members
                .Select(pair => pair.Split(": "))
                .Select(pair => (pair[0], CExpression.OffsetOf(Name, pair[1], Guard))),
        ];

    /// <summary>A new struct in Spork.Linux is entered here; LayoutTests fails until it is.</summary>
    public static readonly IReadOnlyList<CStruct> All =
    [
        new(typeof(CapabilityHeader), "struct __user_cap_header_struct", ["Version: version", "Pid: pid"]),
        new(
            typeof(CapabilityWords),
            "struct __user_cap_data_struct",
            ["Effective: effective", "Permitted: permitted", "Inheritable: inheritable"]
        ),
        new(
            typeof(CloneArgs),
            "struct clone_args",
            [
                "Flags: flags",
                "PidFd: pidfd",
                "ChildTid: child_tid",
                "ParentTid: parent_tid",
                "ExitSignal: exit_signal",
                "Stack: stack",
                "StackSize: stack_size",
                "Tls: tls",
                "SetTid: set_tid",
                "SetTidSize: set_tid_size",
                "Cgroup: cgroup",
            ],
            PublishedSize: "CLONE_ARGS_SIZE_VER2"
        ),
        new(typeof(EpollEvent), "struct epoll_event", ["Events: events", "Data: data"]),
        new(typeof(PollFd), "struct pollfd", ["Descriptor: fd", "Events: events", "ReturnedEvents: revents"]),
        new(typeof(RLimit), "struct rlimit64", ["Soft: rlim_cur", "Hard: rlim_max"]),
        new(
            typeof(RobustListHead),
            "struct robust_list_head",
            ["Next: list", "FutexOffset: futex_offset", "Pending: list_op_pending"]
        ),
        new(
            typeof(RUsage),
            "struct rusage",
            [
                "UserSeconds: ru_utime.tv_sec",
                "UserMicroseconds: ru_utime.tv_usec",
                "SystemSeconds: ru_stime.tv_sec",
                "SystemMicroseconds: ru_stime.tv_usec",
                "MaxResidentKilobytes: ru_maxrss",
                "SharedText: ru_ixrss",
                "UnsharedData: ru_idrss",
                "UnsharedStack: ru_isrss",
                "MinorFaults: ru_minflt",
                "MajorFaults: ru_majflt",
                "Swaps: ru_nswap",
                "BlockInputs: ru_inblock",
                "BlockOutputs: ru_oublock",
                "MessagesSent: ru_msgsnd",
                "MessagesReceived: ru_msgrcv",
                "Signals: ru_nsignals",
                "VoluntarySwitches: ru_nvcsw",
                "InvoluntarySwitches: ru_nivcsw",
            ]
        ),
        new(
            typeof(SigAction),
            "struct sigaction",
            ["Handler: sa_handler", "Flags: sa_flags", "Restorer: sa_restorer", "Mask: sa_mask"]
        ),
        new(
            typeof(SigInfo),
            "siginfo_t",
            ["Signo: si_signo", "Errno: si_errno", "Code: si_code", "Pid: si_pid", "Uid: si_uid", "Status: si_status"]
        ),
        new(typeof(StatX), "struct statx", ["Mask: stx_mask", "Mode: stx_mode"]),
        new(
            typeof(Termios),
            "struct termios",
            [
                "InputFlags: c_iflag",
                "OutputFlags: c_oflag",
                "ControlFlags: c_cflag",
                "LocalFlags: c_lflag",
                "LineDiscipline: c_line",
                "ControlCharacters: c_cc",
            ]
        ),
        new(typeof(TimeSpec), "struct __kernel_timespec", ["Seconds: tv_sec", "Nanoseconds: tv_nsec"]),
        new(
            typeof(WinSize),
            "struct winsize",
            ["Rows: ws_row", "Columns: ws_col", "PixelWidth: ws_xpixel", "PixelHeight: ws_ypixel"]
        ),
        // Kernel 6.13, so not in every distribution's headers: PidFdInfoTests asks the running kernel as well.
        new(
            typeof(PidFdInfo),
            "struct pidfd_info",
            [
                "Mask: mask",
                "CgroupId: cgroupid",
                "Pid: pid",
                "Tgid: tgid",
                "Ppid: ppid",
                "Ruid: ruid",
                "Rgid: rgid",
                "Euid: euid",
                "Egid: egid",
                "Suid: suid",
                "Sgid: sgid",
                "Fsuid: fsuid",
                "Fsgid: fsgid",
                "ExitCode: exit_code",
            ],
            Guard: "PIDFD_INFO_EXIT",
            PublishedSize: "PIDFD_INFO_SIZE_VER0"
        ),
    ];
}
