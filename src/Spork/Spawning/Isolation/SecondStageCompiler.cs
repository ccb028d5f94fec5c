using System.Globalization;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Compiles a command that changes credentials or namespaces into two programs. The first is the usual child in shared
/// memory: it arranges descriptors as this user, and becomes the second, an executable of our own with memory of its own,
/// which does what must never be done in shared memory and then becomes the program.
/// </summary>
/// <remarks>
/// Why two: a child that drops privileges while it shares memory could be attacked by the new user, and its parent through
/// it; commit_creds would clear the parent's dumpable flag, and oom_score_adj would be written for the parent too
/// (both are properties of the memory). The order of the second stage is the contract:
/// <list type="number">
/// <item>map the report, keep the pipe for this exec only, take the name that tells the stage from the program;</item>
/// <item>out-of-memory score, limits, nice, affinity, policy: they may need this process's privileges;</item>
/// <item>namespaces (<see cref="NamespaceSteps"/>), which may need a joined user namespace's;</item>
/// <item>the root directory, seen from the new mounts;</item>
/// <item>capabilities, groups, user (<see cref="CredentialSteps"/>), no_new_privs;</item>
/// <item>the parent-death signal, which a change of credentials clears, and the look whether the parent still lives;</item>
/// <item>the working directory, inside the new root, as the new user;</item>
/// <item>dispositions, signal mask, execve, as ever.</item>
/// </list>
/// See ADR 0009.
/// </remarks>
internal static class SecondStageCompiler
{
    internal static ChildProgram Compile(CommandOptions options, EnvironmentBlock inherited, StartMode mode)
    {
        RefuseConflicts(options);
        var isolation = options.Isolation;
        var identity = Identity.Of(options);

        // The working directory is the second stage's business, and its handle is moved with the stage's own descriptors.
        var early = options with
        {
            DirectoryHandle = null,
        };
        var numbers = new StageNumbers(options, early, mode);
        var first = new ProgramBuilder();
        var moves = DescriptorSteps.Add(first, early, mode, numbers);
        CommandCompiler.AddCgroupByHand(first, options, mode, moves.Cgroup);
        if (mode.Gated || isolation.HasNewUser)
        {
            GateSteps.Add(first, program => AddParentCheck(program, options, numbers, "gate", "parent"));
        }

        if (IdMaps.LosesCapabilitiesAtExec(isolation))
        {
            CredentialSteps.AddCarryOverExec(first, CapabilitySets.Known);
        }

        StageEntry.AddEnter(first, numbers);

        var second = new ProgramBuilder(first.Count);
        var map = StageEntry.AddArrival(second, numbers);
        if (isolation.OomScoreAdjustment is { } score)
        {
            var text = score.ToString(CultureInfo.InvariantCulture);
            NamespaceSteps.AddWrite(second, "oom score", "/proc/self/oom_score_adj", text);
        }

        // Clocks are files, to be opened under the old limit. Other kinds need no descriptor, and a joined user namespace
        // would take the right to raise it.
        Resource? later = isolation.New.HasFlag(Namespaces.Time) ? Resource.OpenFiles : null;
        LimitSteps.Add(second, options, later);
        TaskSteps.AddScheduling(second, isolation);
        NamespaceSteps.Add(second, isolation, numbers);
        if (later is { } resource)
        {
            LimitSteps.AddLimit(second, options, resource);
        }

        if (isolation.RootDirectory is { } root)
        {
            second.Add(Syscall.chroot, "chroot", root, "", second.Data.String(root));
            // Still outside otherwise: chroot(2) does not change the working directory.
            second.Add(Syscall.chdir, "chdir", "/", "into the new root", second.Data.String("/"));
        }

        CredentialSteps.Add(second, isolation, identity, CapabilitySets.Known);
        TaskSteps.AddNoNewPrivileges(second, isolation);
        AddParentDeathSignal(second, options, numbers);
        AddDirectory(second, options, numbers.Directory);
        // The exec that began this stage has reset every handler.
        SignalSteps.Add(second, options, mode with { Rung = Rung.Clone3 });
        ExecSteps.Add(second, options, inherited);
        return StageEntry.Join(first, second, map, numbers);
    }

    /// <summary>
    /// Shown by the number of the parent, or, where that is always 0 (a new process namespace), by the pipe: its other end
    /// is the parent's alone.
    /// </summary>
    private static void AddParentCheck(
        ProgramBuilder program,
        CommandOptions options,
        StageNumbers numbers,
        string name,
        string subject
    )
    {
        const string Note = "is the parent still there";
        if (!options.Isolation.New.HasFlag(Namespaces.Process))
        {
            program.Add(Syscall.getppid, name, subject, Note);
            program.ExpectParent();
            return;
        }

        var poll = new PollFd { Descriptor = numbers.Pipe };
        program.Add(
            Syscall.poll,
            name,
            subject,
            Note,
            program.Data.Struct(poll, $"[{{fd={numbers.Pipe}, events=0}}]"),
            1,
            0
        );
        program.Expect(0);
    }

    private static void AddParentDeathSignal(ProgramBuilder program, CommandOptions options, StageNumbers numbers)
    {
        if (options.ParentDeathSignal is not { } signal)
        {
            return;
        }

        program.Add(
            Syscall.prctl,
            "parent-death signal",
            signal.Name,
            "",
            Operand.Named(Prctl.PR_SET_PDEATHSIG, "PR_SET_PDEATHSIG"),
            Operand.Named(signal.Number, SignalSet.Name(signal.Number))
        );
        AddParentCheck(program, options, numbers, "parent-death signal", signal.Name);
    }

    private static void AddDirectory(ProgramBuilder program, CommandOptions options, int number)
    {
        if (options.DirectoryPath is { } path)
        {
            program.Add(Syscall.chdir, "chdir", path, "", program.Data.String(path));
        }
        else if (number >= 0)
        {
            var subject = $"descriptor {HandleNumber.Of(options.DirectoryHandle!)}";
            program.Add(Syscall.fchdir, "fchdir", subject, "", number);
            program.Add(Syscall.close, "close", $"descriptor {number}", "not for the program", number);
        }
    }

    private static void RefuseConflicts(CommandOptions options)
    {
        var isolation = options.Isolation;
        if (isolation.RootDirectory is not null && options.DirectoryHandle is not null)
        {
            throw new InvalidOperationException(
                "A working directory by descriptor may lie outside the new root directory, and would be a way out of it: give its path inside."
            );
        }

        var twice = isolation.Joined.Aggregate(Namespaces.None, (kinds, j) => kinds | j.Kinds) & isolation.New;
        if (twice != Namespaces.None)
        {
            throw new InvalidOperationException($"A new namespace and an existing one ({twice}) exclude each other.");
        }
    }
}
