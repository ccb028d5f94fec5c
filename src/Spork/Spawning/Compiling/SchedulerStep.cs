using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>sched_setscheduler(2). The policy may be one that has no name here: posix_spawn takes any.</summary>
internal static class SchedulerStep
{
    internal static void Add(ProgramBuilder program, int policy, int priority)
    {
        var name = SchedulingPolicies.NameOf(policy);
        program.Add(
            Syscall.sched_setscheduler,
            "scheduler",
            $"{name} {priority}",
            "",
            0,
            Operand.Named(policy, name),
            Parameter(program, priority)
        );
    }

    // A word of four bytes, little-endian; the struct has nothing else (linux/sched/types.h).
    internal static Operand Parameter(ProgramBuilder program, int priority) =>
        program.Data.Struct(priority, $"[{priority}]");
}
