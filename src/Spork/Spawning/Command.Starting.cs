using System.Runtime.InteropServices;
using Spork.Spawning;
using Spork.Testing;

namespace Spork;

// Making the process.
public sealed partial class Command
{
    private SafeHandle[]? _handles;
    private CompiledCommand? _synchronous;
    private CompiledCommand? _asynchronous;

    internal SafeHandle[] Handles => _handles ??= CompiledCommand.HandlesOf(_options);

    /// <summary>Starts the program and returns once it runs, that is after a successful execve(2).</summary>
    /// <param name="cancellationToken">Kills the child if it has not become the program yet.</param>
    /// <exception cref="SpawnException">It could not be started; says which step failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    /// <exception cref="ObjectDisposedException">A handle that the command uses was closed.</exception>
    /// <exception cref="PlatformNotSupportedException">Not Linux with glibc on x64.</exception>
    /// <exception cref="InvalidOperationException">
    /// Options that exclude each other, or a relay to one target that another start still uses.
    /// </exception>
    public ChildProcess Start(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.HasStreams)
        {
            return StartWithStreams(cancellationToken);
        }

        var child = StartUnwatched(cancellationToken);
        try
        {
            child.WatchWith(Reactor.Instance);
            return child;
        }
        catch (SystemCallException e)
        {
            // Nobody would reap it.
            child.Kill();
            child.ReapEnded();
            throw SpawnException.NotReady(_options, e);
        }
    }

    /// <summary>
    /// Starts the program; completes once it runs. Parks no thread, however long the child takes to open its files.
    /// </summary>
    /// <inheritdoc cref="Start"/>
    public ValueTask<ChildProcess> StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (ReadyRung() == Rung.PosixSpawn)
        {
            return new(PosixSpawn.StartAsync(() => Start(CancellationToken.None), [], cancellationToken));
        }

        if (_options.HasStreams)
        {
            return new(StartWithStreamsAsync(cancellationToken));
        }

        var operation = Launch(asynchronous: true, gated: false);
        operation.CancelWith(cancellationToken);
        return new(operation.Completion);
    }

    /// <summary>
    /// Makes the process, but holds it before execve(2) until it is released. It has its pid at once; its other steps are
    /// done meanwhile.
    /// </summary>
    /// <exception cref="SpawnException">No process could be made, or this machine's rung has no gate.</exception>
    public GatedChild StartGated()
    {
        if (ReadyRung() == Rung.PosixSpawn)
        {
            throw StartTelemetry.Failed(_options, PosixSpawn.Refusal(_options, "gate", "gated start"));
        }

        return _options.HasStreams
            ? StartGatedWithStreams()
            : new GatedChild(Launch(asynchronous: true, gated: true), streams: null);
    }

    /// <summary>Starts the program and waits until it ends.</summary>
    /// <param name="cancellationToken">
    /// Kills it. A program that has become another user's (sudo) cannot be killed: then its end is awaited all the same.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled; the process is dead and reaped.</exception>
    /// <inheritdoc cref="Start"/>
    public ExitStatus Run(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return InForeground(cancellationToken, static (c, token) => c.RunHere(token), static status => status);
    }

    private ExitStatus RunHere(CancellationToken cancellationToken)
    {
        if (IsWatched)
        {
            return RunWatched(cancellationToken);
        }

        if (!_options.HasStreams && Handles.Length == 0 && ReadyRung() != Rung.PosixSpawn)
        {
            var start = Launch(asynchronous: false, gated: false);

            // Who listens wants to know how long the start took, too.
            return start.Child.Telemetry is null
                ? start.WaitForEnd(cancellationToken)
                : RunToEnd(WaitForOutcome(start, cancellationToken), cancellationToken);
        }

        if (_options.HasStreams)
        {
            return RunWithStreams(cancellationToken);
        }

        return RunToEnd(StartUnwatched(cancellationToken), cancellationToken);
    }

    /// <summary>Starts the program; completes when it ends. Parks no thread.</summary>
    /// <inheritdoc cref="Run(CancellationToken)"/>
    public Task<ExitStatus> RunAsync(CancellationToken cancellationToken = default) =>
        InForegroundAsync(cancellationToken, static (c, token) => c.RunHereAsync(token), static status => status);

    private async Task<ExitStatus> RunHereAsync(CancellationToken cancellationToken)
    {
        if (IsWatched)
        {
            return await RunWatchedAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_options.HasStreams)
        {
            return await RunWithStreamsAsync(cancellationToken).ConfigureAwait(false);
        }

        using var child = await StartAsync(cancellationToken).ConfigureAwait(false);
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).TryKill(), child);
        var status = await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return status;
    }

    /// <summary>What a start would do, step by step. Runs nothing.</summary>
    public ProgramListing Explain() => Explain(new StartMode(Asynchronous: false, Gated: false, SpawnLadder.Rung));

    internal ProgramListing Explain(StartMode mode) =>
        _options.HasStreams ? ExplainWithStreams(mode)
        : mode.Rung == Rung.PosixSpawn ? PosixSpawn.Explain(_options)
        : new(SpawnLadder.Name(mode.Rung), CommandCompiler.Compile(_options, InheritedEnvironment.Current(), mode));

    internal CompiledCommand Compile(StartMode mode) =>
        mode.Asynchronous && !mode.Gated
            ? CompiledCommand.Get(ref _asynchronous, _options, mode)
            : CompiledCommand.Get(ref _synchronous, _options, mode);

    internal ChildProcess StartUnwatched(CancellationToken cancellationToken) =>
        ReadyRung() == Rung.PosixSpawn
            ? StartWithPosixSpawn()
            : WaitForOutcome(Launch(asynchronous: false, gated: false), cancellationToken);

    private static ChildProcess WaitForOutcome(PendingStart start, CancellationToken cancellationToken)
    {
        try
        {
            return start.WaitForOutcome(cancellationToken);
        }
        catch (Exception e)
        {
            start.Child.Telemetry?.Failed(e);
            throw;
        }
    }

    private static ExitStatus RunToEnd(ChildProcess started, CancellationToken cancellationToken)
    {
        using var child = started;
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).TryKill(), child);
        var status = child.WaitInKernel();
        cancellationToken.ThrowIfCancellationRequested();
        return status;
    }

    private ChildProcess StartWithPosixSpawn()
    {
        var telemetry = StartTelemetry.Begin(_options);
        try
        {
            var child = PosixSpawn.Start(_options, Handles);
            child.Telemetry = telemetry;
            telemetry?.Started(child.Id, child.StartDuration);

            // Of one whose status is lost nobody would hear: there is nothing to watch.
            _ = child.PidFd is LostPidFd && child.HasExited;
            return child;
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    private PendingStart Launch(bool asynchronous, bool gated)
    {
        var doubles = CommandDouble.IsInstead(this) ? CommandDouble.Current : null;
        var mode = new StartMode(asynchronous, gated, doubles is null ? SpawnLadder.Rung : Rung.Clone3);

        // Here, where the caller's span is current, and not on another thread.
        var telemetry = StartTelemetry.Begin(_options);
        try
        {
            if (doubles is not null)
            {
                return DoubleStart.Launch(doubles, this, mode, telemetry);
            }

            return _options.OwnCgroup is null ? LaunchHere(mode, telemetry) : LaunchInOwnCgroup(mode, telemetry);
        }
        catch (Exception e)
        {
            telemetry?.Failed(e);
            throw;
        }
    }

    // The signal comes when the *thread* dies that made the child, and pool threads come and go.
    private StartOperation LaunchHere(StartMode mode, StartTelemetry? telemetry) =>
        _options.ParentDeathSignal is null
            ? StartOperation.Launch(this, mode, telemetry)
            : LaunchOnLongLivedThread(mode, telemetry);

    private StartOperation LaunchOnLongLivedThread(StartMode mode, StartTelemetry? telemetry)
    {
        try
        {
            return LongLivedThread.Run(() => StartOperation.Launch(this, mode, telemetry));
        }
        catch (SystemCallException e)
        {
            throw SpawnException.NotReady(_options, e);
        }
    }

    // Finding the rung and making the reactor need memory, a descriptor, a thread and a process, once in the life of
    // this process; what was not to be had is tried again at the next start.
    private Rung ReadyRung(bool reactor = true)
    {
        try
        {
            // A test's double needs no way of making processes, so nothing is tried.
            var rung = CommandDouble.IsInstead(this) ? Rung.Clone3 : SpawnLadder.Rung;
            _ = reactor ? Reactor.Instance : null;
            return rung;
        }
        catch (SystemCallException e)
        {
            throw StartTelemetry.Failed(_options, SpawnException.NotReady(_options, e));
        }
    }
}
