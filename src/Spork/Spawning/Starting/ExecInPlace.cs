using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// This process becomes the program. The child program runs on a raw thread that has its own copy of everything a
/// thread can have: descriptor table, directory and umask (no CLONE_FILES, no CLONE_FS), mask, nice, affinity. execve on
/// any thread replaces the whole process and keeps its pid (kernel: de_thread). If a step fails, that thread exits, and
/// the process is as it was.
/// </summary>
/// <remarks>
/// Dispositions and rlimits belong to the process whatever the thread does; they are put back after a failure. A new
/// session or process group cannot be undone, and stays, and so does a cgroup.
/// </remarks>
internal static unsafe class ExecInPlace
{
    [DoesNotReturn]
    internal static void Run(Command command)
    {
        var options = command.Options;
        var mode = new StartMode(Asynchronous: false, Gated: false, SpawnLadder.Rung, InPlace: true);
        var held = new HeldHandles(command.Handles);
        try
        {
            var compiled = command.Compile(mode);
            var arena =
                ArenaPool.TryRent(compiled.Program, out var errno) ?? throw Failed(options, compiled, "memory", errno);
            arena.Load(compiled.Program, Environment.ProcessId, null);
            var before = ProcessState.Of(compiled.Program);
            var wish = new CloneWish(Cgroup: null, SpawnLadder.SharesDescriptorTable(mode.Rung), InPlace: true);
            var thread = Cloning.Clone(arena, SpawnLadder.Code, mode.Rung, wish, &arena.Context->InUse);
            if (thread < 0)
            {
                ArenaPool.Return(arena);
                throw Failed(options, compiled, Cloning.FailedCall(arena, mode.Rung), new Errno(-thread));
            }

            // Returns only if a step failed.
            LettingGo.Wait(arena, pidFd: null);
            var lost = before.Restore() ?? JoinedCgroup(arena, compiled.Program);
            var failure = StartOutcome.Failure(arena, options, compiled, default);
            ArenaPool.Return(arena);
            throw new SpawnException(
                lost is null ? failure : failure with { Hint = $"{failure.Hint} (not undone: {lost})".TrimStart() }
            );
        }
        finally
        {
            held.Release();
        }

        throw new UnreachableException();
    }

    /// <summary>
    /// What needs the second stage needs a process that can come back with its error: in place there is none, once the
    /// memory is gone (ADR 0009).
    /// </summary>
    internal static SpawnException Refusal(CommandOptions options, string step) =>
        new(
            new SpawnFailure(options.Program, step, "exec in place", SpawnLadder.KnownName)
            {
                Errno = Errno.ENOTSUP,
                Hint =
                    "it needs a second stage, which could not come back if it failed: start a child, or exec setpriv(1), chroot(1) or unshare(1) in place",
            }
        );

    private static string? JoinedCgroup(Arena arena, ChildProgram program) =>
        program.Steps.Take(arena.Context->Current).Any(step => step.Name == CommandCompiler.JoinCgroup)
            ? "the cgroup"
            : null;

    private static SpawnException Failed(CommandOptions options, CompiledCommand compiled, string step, Errno errno) =>
        new(
            new SpawnFailure(options.Program, step, "a thread to exec on", SpawnLadder.Name(compiled.Mode.Rung))
            {
                StepCount = compiled.Program.Steps.Count,
                Errno = errno,
            }
        );

    /// <summary>What the program would change of the process itself.</summary>
    private sealed class ProcessState
    {
        private readonly List<(int Signal, SigAction Action)> _dispositions = [];
        private readonly List<(Resource Resource, RLimit Limit)> _limits = [];

        internal static ProcessState Of(ChildProgram program)
        {
            var state = new ProcessState();
            foreach (var step in program.Steps)
            {
                if (step.Call == Syscall.rt_sigaction)
                {
                    SigAction action;
                    var signal = (int)step.Operands[0].Constant;
                    // Not known, not put back: zeros would reset it instead.
                    if (Sys.Call(Syscall.rt_sigaction, signal, 0, (nint)(&action), 8) == 0)
                    {
                        state._dispositions.Add((signal, action));
                    }
                }
                else if (step.Call == Syscall.prlimit64)
                {
                    var resource = (Resource)step.Operands[1].Constant;
                    if (RLimit.Of(resource) is { } limit)
                    {
                        state._limits.Add((resource, limit));
                    }
                }
            }

            return state;
        }

        /// <summary>Null, or what could not be put back: a hard limit, once lowered, without privileges.</summary>
        internal string? Restore()
        {
            foreach (var (signal, action) in _dispositions)
            {
                var old = action;
                Sys.Call(Syscall.rt_sigaction, signal, (nint)(&old), 0, 8);
            }

            string? lost = null;
            foreach (var (resource, limit) in _limits)
            {
                var old = limit;
                if (Sys.Call(Syscall.prlimit64, 0, (int)resource, (nint)(&old), 0) != 0)
                {
                    lost = ResourceNames.Of(resource);
                }
            }

            return lost;
        }
    }
}
