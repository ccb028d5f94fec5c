namespace Spork.Linux;

/// <summary>linux/sched.h: policies of sched_setscheduler(2).</summary>
internal static class SchedulingPolicies
{
    /// <summary>The kernel's name for POSIX's SCHED_OTHER.</summary>
    internal const int SCHED_NORMAL = 0;
    internal const int SCHED_FIFO = 1;
    internal const int SCHED_RR = 2;
    internal const int SCHED_BATCH = 3;
    internal const int SCHED_IDLE = 5;

    /// <summary>As strace prints it; the number where it has no name here.</summary>
    internal static string NameOf(int policy) =>
        policy switch
        {
            SCHED_NORMAL => "SCHED_OTHER",
            SCHED_FIFO => nameof(SCHED_FIFO),
            SCHED_RR => nameof(SCHED_RR),
            SCHED_BATCH => nameof(SCHED_BATCH),
            SCHED_IDLE => nameof(SCHED_IDLE),
            _ => $"{policy}",
        };
}
