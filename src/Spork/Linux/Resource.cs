namespace Spork;

/// <summary>What a limit of getrlimit(2) limits. The values are the kernel's RLIMIT numbers.</summary>
public enum Resource
{
    /// <summary>RLIMIT_CPU: processor time, in seconds. SIGXCPU at the soft limit, SIGKILL at the hard one.</summary>
    CpuTime = 0,

    /// <summary>RLIMIT_FSIZE: the size of a file it writes, in bytes. SIGXFSZ, or EFBIG when that is ignored.</summary>
    FileSize = 1,

    /// <summary>RLIMIT_DATA: data segment, heap and private writable mappings, in bytes.</summary>
    DataSize = 2,

    /// <summary>RLIMIT_STACK: the main thread's stack, in bytes; also bounds arguments plus environment.</summary>
    StackSize = 3,

    /// <summary>RLIMIT_CORE: the size of a core dump, in bytes; 0 means none is written.</summary>
    CoreSize = 4,

    /// <summary>RLIMIT_RSS: resident memory, in bytes. Linux accepts it and does not enforce it.</summary>
    ResidentSet = 5,

    /// <summary>RLIMIT_NPROC: processes and threads of the real user, a count over all of that user's.</summary>
    ProcessCount = 6,

    /// <summary>RLIMIT_NOFILE: one more than the highest descriptor number it may open.</summary>
    OpenFiles = 7,

    /// <summary>RLIMIT_MEMLOCK: memory locked into RAM, in bytes.</summary>
    LockedMemory = 8,

    /// <summary>RLIMIT_AS: address space, in bytes. .NET reserves hundreds of gigabytes at startup.</summary>
    AddressSpace = 9,

    /// <summary>RLIMIT_LOCKS: file locks, a count. Has had no effect since Linux 2.4.25.</summary>
    FileLocks = 10,

    /// <summary>RLIMIT_SIGPENDING: queued signals of the real user, a count.</summary>
    PendingSignals = 11,

    /// <summary>RLIMIT_MSGQUEUE: POSIX message queues of the real user, in bytes.</summary>
    MessageQueueBytes = 12,

    /// <summary>RLIMIT_NICE: how far nice may be lowered: to 20 minus this value, which is 1 to 40.</summary>
    NiceCeiling = 13,

    /// <summary>RLIMIT_RTPRIO: the highest real-time priority it may ask for, 0 to 99.</summary>
    RealtimePriority = 14,

    /// <summary>RLIMIT_RTTIME: processor time of a real-time thread without blocking, in microseconds.</summary>
    RealtimeCpuTime = 15,
}
