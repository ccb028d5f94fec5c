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
    // The number is nobody's, or a thread's by now (ENOENT since kernel 6.9, EINVAL before).
    private static readonly Errno[] NoProcess = [Errno.ESRCH, Errno.ENOENT, Errno.EINVAL];

    /// <summary>For tests: libc has made the process, and nobody here holds it yet.</summary>
    internal static Action<int>? BeforeOpening { get; set; }

    /// <summary>
    /// libc's call parks whoever makes it, and cannot be interrupted: here a pool thread. Cancellation lets the caller
    /// go; the child, if there ever is one, is killed and reaped when the call returns.
    /// </summary>
    /// <param name="blockingStart">On the pool thread.</param>
    /// <param name="given">
    /// What the start uses by number and the caller may close when it is cancelled: kept open until the start is over.
    /// </param>
    /// <param name="cancellationToken">A start that has not begun then does not begin.</param>
    internal static async Task<ChildProcess> StartAsync(
        Func<ChildProcess> blockingStart,
        SafeHandle[] given,
        CancellationToken cancellationToken
    )
    {
        var held = new HeldHandles(given);
        var start = Task.Run(
            () =>
            {
                try
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return blockingStart();
                }
                finally
                {
                    held.Release();
                }
            },
            CancellationToken.None
        );
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

    /// <summary>
    /// The process that libc made, with a pidfd; or nothing is left of it, where that can be had (<see cref="Unheld"/>). libc tells a number only, and where SIGCHLD is
    /// ignored (or somebody here reaps whatever it finds) that may be a stranger's before it is opened: who is not an
    /// unreaped child of ours is not the process, whose status is lost then.
    /// </summary>
    internal static ChildProcess Adopt(CommandOptions options, int pid, long started)
    {
        BeforeOpening?.Invoke(pid);
        var opened = Sys.Call(Syscall.pidfd_open, pid);
        if (opened >= 0)
        {
            var pidFd = new Descriptor((int)opened);
            if (Reaper.IsChild(pidFd))
            {
                return Made(options, pid, started, pidFd);
            }

            pidFd.Dispose();
        }
        else if (!NoProcess.Contains(Sys.ErrnoOf(opened)))
        {
            throw Unheld(options, pid, Sys.ErrnoOf(opened));
        }

        try
        {
            return Made(options, pid, started, LostPidFd.Create());
        }
        catch (SystemCallException e)
        {
            throw Failed(options, e.Call, $"process {pid}, which has ended", e.Errno);
        }
    }

    private static ChildProcess Made(CommandOptions options, int pid, long started, Descriptor pidFd)
    {
        var child = new ChildProcess(pid, pidFd, started, start: null) { Options = options };
        child.StartSucceeded();
        return child;
    }

    // Nobody would ever reap it, and there is no other name for it than its number. That is its own until it is reaped:
    // by nobody but us, unless SIGCHLD is ignored. Then it is left alone, and the kernel reaps it. What became of it is said.
    private static SpawnException Unheld(CommandOptions options, int pid, Errno errno)
    {
        if (Reaper.ChildrenVanish())
        {
            return Failed(
                options,
                "pidfd_open",
                $"process {pid}",
                errno,
                "it runs on: with SIGCHLD ignored its number may be another's at any time, so that it cannot be ended by it"
            );
        }

        if (!Reaper.IsChild(pid))
        {
            return Failed(options, "pidfd_open", $"process {pid}", errno, "the program was started, and has ended");
        }

        if (Sys.Call(Syscall.kill, pid, Signal.SIGKILL.Number) != 0)
        {
            // EPERM: it has become another user's (sudo).
            return Failed(options, "pidfd_open", $"process {pid}", errno, "it runs on: it may not be killed");
        }

        Sys.CallRestarting(Syscall.waitid, Wait.P_PID, pid, 0, Wait.WEXITED, 0);
        return Failed(options, "pidfd_open", $"process {pid}", errno, "the program was started, and has been killed");
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
            start.Result.TryKill();
            start.Result.Dispose();
        }

        // Looked at, because nobody else will.
        _ = start.Exception;
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

    private static SpawnException Failed(
        CommandOptions options,
        string step,
        string subject,
        Errno errno,
        string? hint = null
    ) =>
        new(
            new SpawnFailure(options.Program, step, subject, SpawnLadder.Name(Rung.PosixSpawn))
            {
                Errno = errno,
                Hint = hint ?? "posix_spawn does not say which step failed: the directory, a descriptor or the program",
                ProgramNotFound = errno == Errno.ENOENT && IsNowhere(options),
            }
        );
}
