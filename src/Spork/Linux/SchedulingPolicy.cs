namespace Spork;

/// <summary>Policies of sched_setscheduler(2); see sched(7).</summary>
public enum SchedulingPolicy
{
    /// <summary>SCHED_OTHER: the usual one.</summary>
    Other = 0,

    /// <summary>SCHED_FIFO: real time, until it gives way. Priority 1 to 99.</summary>
    Fifo = 1,

    /// <summary>SCHED_RR: real time, in turns. Priority 1 to 99.</summary>
    RoundRobin = 2,

    /// <summary>SCHED_BATCH: work that nobody waits for.</summary>
    Batch = 3,

    /// <summary>SCHED_IDLE: when nothing else wants the processor.</summary>
    Idle = 5,
}
