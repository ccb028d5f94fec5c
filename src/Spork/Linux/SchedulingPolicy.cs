using Spork.Linux;

namespace Spork;

/// <summary>Policies of sched_setscheduler(2); see sched(7).</summary>
public enum SchedulingPolicy
{
    /// <summary>SCHED_OTHER: the usual one.</summary>
    Other = SchedulingPolicies.SCHED_NORMAL,

    /// <summary>SCHED_FIFO: real time, until it gives way. Priority 1 to 99.</summary>
    Fifo = SchedulingPolicies.SCHED_FIFO,

    /// <summary>SCHED_RR: real time, in turns. Priority 1 to 99.</summary>
    RoundRobin = SchedulingPolicies.SCHED_RR,

    /// <summary>SCHED_BATCH: work that nobody waits for.</summary>
    Batch = SchedulingPolicies.SCHED_BATCH,

    /// <summary>SCHED_IDLE: when nothing else wants the processor.</summary>
    Idle = SchedulingPolicies.SCHED_IDLE,
}
