using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>How a program is going to be run; it changes the first and the last steps.</summary>
internal readonly record struct StartMode(bool Asynchronous, bool Gated, Rung Rung, bool InPlace = false);

/// <summary>
/// Compiles a command into a child program. The order of the steps is the contract, and each place has its reason:
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>tell the waiter where to look (asynchronous starts only);</item>
/// <item>close everything that is not used, before anything can block: a child stuck in open(2) of a FIFO must not hold
/// the ends of its siblings' pipes;</item>
/// <item>umask, session and group, so that files opened next obey them;</item>
/// <item>descriptors: moves, then files, which are opened relative to the caller's directory;</item>
/// <item>limits, after the descriptors, which a lower RLIMIT_NOFILE would refuse;</item>
/// <item>nice, affinity, cgroup by hand on the lower rung, parent-death signal and its race check;</item>
/// <item>the working directory;</item>
/// <item>the gate;</item>
/// <item>dispositions and, last of all, the signal mask: until then nothing can interrupt the child in shared memory;</item>
/// <item>execve, once for each directory of PATH.</item>
/// </list>
/// </remarks>
internal static class CommandCompiler
{
    internal const string JoinCgroup = "join cgroup";

    internal static ChildProgram Compile(CommandOptions options, EnvironmentBlock inherited, StartMode mode)
    {
        if (options.Posix is not null)
        {
            return PosixCompiler.Compile(options, inherited, mode);
        }

        options = SharedDescriptors.Resolve(options);
        if (IsolationOptions.Stages(options))
        {
            return SecondStageCompiler.Compile(options, inherited, mode);
        }

        var program = new ProgramBuilder();
        if (mode.Asynchronous)
        {
            LettingGoSteps.Add(program);
        }

        var moves = DescriptorSteps.Add(program, options, mode);
        LimitSteps.Add(program, options);
        TaskSteps.Add(program, options.Isolation);
        AddCgroupByHand(program, options, mode, moves.Cgroup);
        AddParentDeathSignal(program, options, mode);
        AddDirectory(program, options, moves.Directory);
        if (mode.Gated)
        {
            GateSteps.Add(program, GateSteps.AddLook);
        }

        SignalSteps.Add(program, options, mode);
        ExecSteps.Add(program, options, inherited);
        return program.Build();
    }

    /// <summary>clone(2) has no CLONE_INTO_CGROUP, and a process that execs in place is born already.</summary>
    internal static bool JoinsCgroupByHand(CommandOptions options, StartMode mode) =>
        options.HasCgroup && (mode.Rung == Rung.Clone || mode.InPlace);

    internal static void AddCgroupByHand(ProgramBuilder program, CommandOptions options, StartMode mode, int number)
    {
        if (!JoinsCgroupByHand(options, mode))
        {
            return;
        }

        var directory = options.CgroupHandle is not null
            ? Operand.Immediate(number)
            : Operand.Named(Fcntl.AT_FDCWD, "AT_FDCWD");
        var path = options.CgroupPath is { } cgroup ? $"{cgroup}/cgroup.procs" : "cgroup.procs";
        var file = program.Add(
            Syscall.openat,
            "open",
            path,
            "join the cgroup",
            directory,
            program.Data.String(path),
            Operand.Named(Fcntl.O_WRONLY | Fcntl.O_CLOEXEC, "O_WRONLY|O_CLOEXEC")
        );
        program.Add(Syscall.write, JoinCgroup, path, "", Operand.Result(file), program.Data.String("0"), 1);
        program.Add(Syscall.close, "close", path, "", Operand.Result(file));
        CloseIfNotForTheProgram(program, options, number);
    }

    private static void AddParentDeathSignal(ProgramBuilder program, CommandOptions options, StartMode mode)
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
        if (!mode.InPlace)
        {
            program.Add(
                Syscall.getppid,
                "parent-death signal",
                signal.Name,
                "the parent may have died before it was asked for"
            );
            program.ExpectParent();
        }
    }

    private static void AddDirectory(ProgramBuilder program, CommandOptions options, int number)
    {
        if (options.DirectoryPath is { } path)
        {
            program.Add(Syscall.chdir, "chdir", path, "", program.Data.String(path));
        }
        else if (options.DirectoryHandle is { } handle)
        {
            program.Add(Syscall.fchdir, "fchdir", $"descriptor {HandleNumber.Of(handle)}", "", number);
            CloseIfNotForTheProgram(program, options, number);
        }
    }

    private static void CloseIfNotForTheProgram(ProgramBuilder program, CommandOptions options, int number)
    {
        if (number >= 0 && !DescriptorMoves.IsTarget(options, number))
        {
            program.Add(Syscall.close, "close", $"descriptor {number}", "not for the program", number);
        }
    }
}

/// <summary>The number behind a handle that somebody else keeps open.</summary>
internal static class HandleNumber
{
    internal static int Of(SafeHandle handle) =>
        handle.IsClosed
            ? throw new ObjectDisposedException(handle.GetType().Name, "A descriptor that the command uses was closed.")
            : (int)handle.DangerousGetHandle();
}
