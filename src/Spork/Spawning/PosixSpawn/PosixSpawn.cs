using System.Diagnostics;
using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// The lowest rung: posix_spawn(3) of libc, where executable memory is refused. An errno is all it tells, and what it
/// has no attribute for is refused rather than left out.
/// </summary>
internal static class PosixSpawn
{
    /// <summary>
    /// libc's call parks whoever makes it, and cannot be interrupted: here a pool thread. Cancellation lets the caller
    /// go; the child, if there ever is one, is killed and reaped when the call returns.
    /// </summary>
    internal static async Task<ChildProcess> StartAsync(
        Func<ChildProcess> blockingStart,
        CancellationToken cancellationToken
    )
    {
        var start = Task.Run(blockingStart, CancellationToken.None);
        try
        {
            return await start.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = start.ContinueWith(
                KillAbandoned,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default
            );
            throw;
        }
    }

    internal static ChildProcess Start(CommandOptions options, SafeHandle[] handles)
    {
        if (options.Posix is not null)
        {
            PosixRefusals.CheckByLibC(options);
            return PosixByLibC.Start(options, handles);
        }

        RefuseWhatItCannot(options);
        var held = new HeldHandles(handles);
        try
        {
            using var spare = new SpareDescriptors();
            using var actions = new PosixSpawnActions(options, spare);
            using var attributes = new PosixSpawnAttributes(options);
            using var vectors = new NativeVectors(options, InheritedEnvironment.Current());

            var started = Stopwatch.GetTimestamp();
            var errno = PosixSpawnLibC.Spawn(
                options.NeedsPathSearch,
                EscapedText.CString(options.Program),
                actions.Pointer,
                attributes.Pointer,
                vectors.Arguments,
                vectors.Environment,
                out var pid
            );
            if (errno != 0)
            {
                throw Failed(options, "posix_spawn", options.Program, new Errno(errno));
            }

            return Adopt(options, pid, started);
        }
        finally
        {
            held.Release();
        }
    }

    /// <summary>The process that libc made, with a pidfd; or nothing is left of it.</summary>
    internal static ChildProcess Adopt(CommandOptions options, int pid, long started)
    {
        var pidFd = Sys.Call(Syscall.pidfd_open, pid);
        if (pidFd < 0)
        {
            // Nobody would ever reap it. The pid is its own until then (but for SIGCHLD ignored).
            Sys.Call(Syscall.kill, pid, Signal.SIGKILL.Number);
            Sys.CallRestarting(Syscall.waitid, Wait.P_PID, pid, 0, Wait.WEXITED, 0);
            throw Failed(options, "pidfd_open", $"process {pid}", Sys.ErrnoOf(pidFd));
        }

        var child = new ChildProcess(pid, new Descriptor((int)pidFd), started, start: null) { Options = options };
        child.StartSucceeded();
        return child;
    }

    /// <summary>One call of libc; what the child does in it is libc's business.</summary>
    internal static ProgramListing Explain(CommandOptions options)
    {
        RefuseWhatItCannot(options);
        var call = options.NeedsPathSearch ? "posix_spawnp" : "posix_spawn";
        var arguments = new[] { options.ArgumentZero ?? options.Program }.Concat(options.Arguments);
        var text =
            $"{call}({Quote.ForListing(options.Program)}, [{string.Join(", ", arguments.Select(Quote.ForListing))}])";
        return new ProgramListing(
            SpawnLadder.Name(Rung.PosixSpawn),
            new ProgramLine(1, text, "libc makes the child; an errno is all that comes back")
        );
    }

    /// <summary>This rung cannot do it.</summary>
    internal static SpawnException Refusal(CommandOptions options, string step, string subject) =>
        new(
            new SpawnFailure(options.Program, step, subject, SpawnLadder.Name(Rung.PosixSpawn))
            {
                Errno = Errno.ENOTSUP,
                Hint = "posix_spawn cannot do it, and it is all that works here: see 'spork doctor'",
            }
        );

    private static void KillAbandoned(Task<ChildProcess> start)
    {
        if (start.IsCompletedSuccessfully)
        {
            start.Result.Kill();
            start.Result.Dispose();
        }
    }

    private static void RefuseWhatItCannot(CommandOptions options)
    {
        (bool Asked, string Step)[] missing =
        [
            (options.Umask is not null, "umask"),
            (options.Nice is not null, "nice"),
            (!options.Processors.IsEmpty, "affinity"),
            (!options.Limits.IsEmpty, "limit"),
            (options.HasCgroup || options.OwnCgroup == true, "cgroup"),
            (options.ParentDeathSignal is not null, "parent-death signal"),
            (options.IgnoredSignals != 0, "ignored signals"),
            .. options.Isolation.FirstStageOptions,
            .. options.Isolation.SecondStageOptions,
        ];
        foreach (var (asked, step) in missing)
        {
            if (asked)
            {
                throw Refusal(options, step, options.Program);
            }
        }

        // Opened by a second session's leader it would be a terminal without job control, and nobody would be told.
        if (options.Terminal is { Session: not null } terminal)
        {
            throw new SpawnException(
                new SpawnFailure(
                    options.Program,
                    TerminalSteps.ControlStep,
                    terminal.Name,
                    SpawnLadder.Name(Rung.PosixSpawn)
                )
                {
                    Errno = Errno.EPERM,
                    Hint = TerminalSteps.TakenHint,
                }
            );
        }
    }

    private static bool IsNowhere(CommandOptions options) =>
        (options.DirectoryPath is null || FileKind.IsDirectory(options.DirectoryPath))
        && !ExecSteps
            .Candidates(options, InheritedEnvironment.Current())
            .Any(path => FailureHint.Exists(path, options));

    private static SpawnException Failed(CommandOptions options, string step, string subject, Errno errno) =>
        new(
            new SpawnFailure(options.Program, step, subject, SpawnLadder.Name(Rung.PosixSpawn))
            {
                Errno = errno,
                Hint = "posix_spawn does not say which step failed: the directory, a descriptor or the program",
                ProgramNotFound = errno == Errno.ENOENT && IsNowhere(options),
            }
        );
}
