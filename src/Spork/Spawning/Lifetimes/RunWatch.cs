namespace Spork.Spawning;

/// <summary>One run from its start to its end: the timeout's clock, two tokens, and what they lead to.</summary>
/// <remarks>
/// Made just before the start, and the clock runs from then on: a start can block for ever (a FIFO, a dead mount), and
/// it is the run that must not take longer, whatever part of it does.
/// </remarks>
internal sealed class RunWatch : IDisposable
{
    private readonly CommandOptions _options;
    private readonly CancellationToken _forceful;
    private readonly CancellationToken _graceful;
    private readonly CancellationTokenSource _clock;
    private readonly CancellationTokenSource _over;

    internal RunWatch(CommandOptions options, CancellationToken forceful, CancellationToken graceful)
    {
        ThrowIfCancelled(forceful, graceful);
        RefuseWithoutGroup(options);
        _options = options;
        _forceful = forceful;
        _graceful = graceful;
        _clock = StartClock(options);
        _over = CancellationTokenSource.CreateLinkedTokenSource(forceful, graceful, _clock.Token);
    }

    /// <exception cref="InvalidOperationException">A group is to be stopped, and the command leads none.</exception>
    internal static void RefuseWithoutGroup(CommandOptions options) =>
        TreeSource.RefuseWithoutGroup(options, (options.Stop ?? StopOptions.Default).Reach);

    /// <summary>Cancelled when the command's time is up, counted from now. Beyond what a timer counts (24 days) nobody waits.</summary>
    internal static CancellationTokenSource StartClock(CommandOptions options) =>
        options.Timeout is { TotalMilliseconds: <= int.MaxValue } timeout ? new(timeout, options.Clock) : new();

    internal Task<ChildProcess> StartAsync(Command command) => StartAsync(token => command.StartAsync(token).AsTask());

    internal async Task<ChildProcess> StartAsync(Func<CancellationToken, Task<ChildProcess>> start)
    {
        try
        {
            return await start(_over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Reason(null);
        }
    }

    internal ChildProcess Start(Command command) => Start(command.Start);

    internal ChildProcess Start(Func<CancellationToken, ChildProcess> start)
    {
        try
        {
            return start(_over.Token);
        }
        catch (OperationCanceledException)
        {
            throw Reason(null);
        }
    }

    internal async Task<ExitStatus> WaitAsync(ChildProcess child)
    {
        var end = child.WaitAsync(CancellationToken.None);
        if (await new Patience(Timeout.InfiniteTimeSpan, _over.Token).WaitAsync(end).ConfigureAwait(false))
        {
            return await InTimeAsync(child, await end.ConfigureAwait(false)).ConfigureAwait(false);
        }

        try
        {
            var result = await child.StopAsync(Stop(), _forceful).ConfigureAwait(false);
            throw Reason(result.Status);
        }
        catch (SystemCallException e)
        {
            // It has become another user's (sudo): its end is awaited all the same. Or its tree could not be looked for, and
            // it was killed alone: the cause says so. Its input ends, which may be what it waits for.
            child.GiveUp();
            throw Reason(await end.ConfigureAwait(false), e);
        }
    }

    internal ExitStatus Wait(ChildProcess child)
    {
        var end = child.WaitAsync(CancellationToken.None);
        if (new Patience(Timeout.InfiniteTimeSpan, _over.Token).Wait(end))
        {
            return InTimeAsync(child, child.Wait()).GetAwaiter().GetResult();
        }

        try
        {
            throw Reason(child.Stop(Stop(), _forceful).Status);
        }
        catch (SystemCallException e)
        {
            child.GiveUp();
            throw Reason(child.Wait(), e);
        }
    }

    public void Dispose()
    {
        _over.Dispose();
        _clock.Dispose();
    }

    // A run that was cancelled says so even if it ended at the same moment; one that ended in time has ended in time. What
    // its relays still have to do belongs to the run.
    private async Task<ExitStatus> InTimeAsync(ChildProcess child, ExitStatus status)
    {
        ThrowIfCancelled(_forceful, _graceful);
        if (child.Streams is null)
        {
            return status;
        }

        using var registration = _over.Token.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child);
        try
        {
            await child.FinishStreamsAsync(_over.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            throw Reason(status);
        }

        return child.StreamsCutOff ? status.WithStreamsCutOff() : status;
    }

    private StopOptions Stop() => _options.Stop ?? StopOptions.Default;

    private Exception Reason(ExitStatus? status, SystemCallException? trouble = null) =>
        _forceful.IsCancellationRequested ? Cancelled(trouble, _forceful)
        : _graceful.IsCancellationRequested ? Cancelled(trouble, _graceful)
        : new CommandTimeoutException(_options.Program, _options.Timeout!.Value, status, trouble);

    /// <param name="trouble">What could not be stopped; null for nothing.</param>
    /// <param name="token">Whose cancellation it was.</param>
    internal static OperationCanceledException Cancelled(SystemCallException? trouble, CancellationToken token) =>
        trouble is null
            ? new(token)
            : new($"Cancelled; not all of it could be stopped: {trouble.Message}", trouble, token);

    private static void ThrowIfCancelled(CancellationToken forceful, CancellationToken graceful)
    {
        forceful.ThrowIfCancellationRequested();
        graceful.ThrowIfCancellationRequested();
    }
}
