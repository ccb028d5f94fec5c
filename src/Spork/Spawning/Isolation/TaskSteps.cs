using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>What belongs to the task alone, whoever shares its memory: good in the first stage too.</summary>
internal static class TaskSteps
{
    internal static void Add(ProgramBuilder program, IsolationOptions isolation)
    {
        AddScheduling(program, isolation);
        AddNoNewPrivileges(program, isolation);
    }

    internal static void AddScheduling(ProgramBuilder program, IsolationOptions isolation)
    {
        if (isolation.IoPriority is { } io)
        {
            string[] names = ["NONE", "RT", "BE", "IDLE"];
            var text = $"IOPRIO_PRIO_VALUE(IOPRIO_CLASS_{names[(int)io.Class]}, {io.Level})";
            program.Add(
                Syscall.ioprio_set,
                "I/O priority",
                $"{io.Class} {io.Level}",
                "",
                Operand.Named(IoPriority.WhoProcess, "IOPRIO_WHO_PROCESS"),
                0,
                Operand.Named(((int)io.Class << IoPriority.IOPRIO_CLASS_SHIFT) | io.Level, text)
            );
        }

        if (isolation.Scheduler is { } scheduler)
        {
            var name = SchedulingPolicies.NameOf((int)scheduler.Policy);
            program.Add(
                Syscall.sched_setscheduler,
                "scheduler",
                $"{name} {scheduler.Priority}",
                "",
                0,
                Operand.Named((int)scheduler.Policy, name),
                program.Data.Struct(scheduler.Priority, $"[{scheduler.Priority}]")
            );
        }
    }

    internal static void AddNoNewPrivileges(ProgramBuilder program, IsolationOptions isolation)
    {
        if (isolation.NoNewPrivileges)
        {
            program.Add(
                Syscall.prctl,
                "no_new_privs",
                "",
                "",
                Operand.Named(Prctl.PR_SET_NO_NEW_PRIVS, "PR_SET_NO_NEW_PRIVS"),
                1,
                0,
                0,
                0
            );
        }
    }
}
