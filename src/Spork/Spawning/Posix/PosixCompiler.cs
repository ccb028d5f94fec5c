using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Compiles a posix_spawn into a child program. The order of the steps is glibc's (__spawni_child), since a porter may
/// depend on it: scheduler, session, group, ids (<see cref="PosixStages"/>), file actions, dispositions, mask, exec.
/// </summary>
/// <remarks>
/// Nothing is closed that the caller did not name: POSIX lets the child have what is not close-on-exec. The first step
/// only takes a copy of the descriptor table, which it is born sharing. The second closes the child's own pidfd, the one
/// number the clone itself added to that table: no action can hit it, and a file action sees what libc's would see.
/// The outcome needs no descriptor, so whatever the actions close or overwrite, the report arrives.
/// </remarks>
internal static class PosixCompiler
{
    internal static ChildProgram Compile(CommandOptions options, EnvironmentBlock inherited, StartMode mode)
    {
        var request = options.Posix!;
        RefuseCgroupOnLowerRung(options, mode);
        if (request.Reset is { } ids)
        {
            return PosixStages.Compile(options, ids, inherited);
        }

        var program = new ProgramBuilder();
        if (mode.Asynchronous)
        {
            LettingGoSteps.Add(program);
        }

        if (SpawnLadder.SharesDescriptorTable(mode.Rung))
        {
            AddOwnTable(program);
        }

        AddTask(program, request.Attributes);
        PosixFileSteps.Add(program, request);
        AddDispositions(program, request, mode);
        SignalSteps.AddMask(program, request.Blocked);
        PosixExec.Add(program, request, options.SearchPath, inherited);
        return program.Build();
    }

    /// <summary>Scheduler, session and group.</summary>
    internal static void AddTask(ProgramBuilder program, SpawnAttributes attributes)
    {
        AddScheduler(program, attributes);
        AddSessionAndGroup(program, attributes);
    }

    // As glibc, whose posix_spawn needs clone3 for it too. A command joins by hand there.
    private static void RefuseCgroupOnLowerRung(CommandOptions options, StartMode mode)
    {
        if (options.HasCgroup && mode.Rung != Rung.Clone3)
        {
            throw new SpawnException(
                new SpawnFailure(options.Program, "cgroup", "POSIX_SPAWN_SETCGROUP", SpawnLadder.Name(mode.Rung))
                {
                    Errno = Errno.ENOTSUP,
                    Hint = "it takes clone3, which is refused here; Command.WithCgroup joins by hand",
                }
            );
        }
    }

    private static void AddOwnTable(ProgramBuilder program)
    {
        var last = Operand.Immediate(uint.MaxValue);
        program.Add(
            Syscall.close_range,
            "close_range",
            "the descriptor table",
            "a copy of its own, nothing closed",
            last,
            last,
            Operand.Named(Fcntl.CLOSE_RANGE_UNSHARE, "CLOSE_RANGE_UNSHARE")
        );
        program.Add(
            Syscall.close,
            "close",
            "the child's own pidfd",
            "is the parent's alone",
            Operand.SlotPlus(Slot.PidFd, 0, "$pidfd")
        );
    }

    // glibc: SETSCHEDULER covers SETSCHEDPARAM.
    private static void AddScheduler(ProgramBuilder program, SpawnAttributes attributes)
    {
        if (!attributes.Has(SpawnFlags.SetScheduler | SpawnFlags.SetSchedParam))
        {
            return;
        }

        // A word of four bytes, little-endian; the struct has nothing else (linux/sched/types.h).
        var priority = attributes.SchedulingPriority;
        var parameter = program.Data.Struct(priority, $"[{priority}]");
        if (attributes.Has(SpawnFlags.SetScheduler))
        {
            var policy = attributes.SchedulingPolicy;
            program.Add(
                Syscall.sched_setscheduler,
                "scheduler",
                $"policy {policy}, priority {priority}",
                "",
                0,
                Operand.Named(policy, SchedulingPolicies.NameOf(policy)),
                parameter
            );
        }
        else
        {
            program.Add(Syscall.sched_setparam, "scheduler", $"priority {priority}", "", 0, parameter);
        }
    }

    private static void AddSessionAndGroup(ProgramBuilder program, SpawnAttributes attributes)
    {
        if (attributes.Has(SpawnFlags.SetSid))
        {
            program.Add(Syscall.setsid, "setsid", "", "");
        }

        if (attributes.Has(SpawnFlags.SetPGroup))
        {
            var group = attributes.ProcessGroup;
            program.Add(Syscall.setpgid, "setpgid", group == 0 ? "new group" : $"group {group}", "", 0, group);
        }
    }

    // Caught signals are default by clone3's flag; on the rung below they are made so one by one, which must not touch
    // the ignored ones. Those are asked for anew: native code may have changed them since the first start.
    private static void AddDispositions(ProgramBuilder program, PosixRequest request, StartMode mode)
    {
        var toDefault = request.SignalDefault;
        if (mode.Rung == Rung.Clone)
        {
            toDefault |= SignalSet.All & ~IgnoredSignals.Query() & ~SignalSteps.Fixed;
        }

        foreach (var signal in SignalSet.Numbers(toDefault))
        {
            SignalSteps.AddDefault(program, signal);
        }
    }
}
