namespace Spork.Spawning;

/// <summary>
/// The one decision that a pipeline is over before its end: cancelled, or out of time, because the time of a command that
/// has not ended is up. Each command's clock runs from just before its own start.
/// </summary>
/// <remarks>
/// One for all commands, since it leads to one stop: everybody is asked once, and at the same time, whoever's time it was.
/// A start can block for ever, and meanwhile the time of a command that runs already may be up: a start is given up too.
/// </remarks>
internal sealed class PipelineWatch : IDisposable
{
    private readonly Command[] _commands;
    private readonly ChildProcess?[] _children;
    private readonly CancellationToken _forceful;

    // Null: there is one token, which asks who says how it is to be stopped, and forces the others.
    private readonly CancellationToken? _graceful;
    private readonly CancellationTokenSource _over;
    private readonly List<CancellationTokenSource> _clocks = [];
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private int _late = -1;

    /// <exception cref="InvalidOperationException">One of them cannot be stopped as it says. None is started then.</exception>
    internal PipelineWatch(Command[] commands, CancellationToken? graceful, CancellationToken forceful)
    {
        foreach (var command in commands)
        {
            RunWatch.RefuseWithoutGroup(command.Options);
        }

        _commands = commands;
        _children = new ChildProcess?[commands.Length];
        _forceful = forceful;
        _graceful = graceful;
        _over = CancellationTokenSource.CreateLinkedTokenSource(forceful, graceful ?? CancellationToken.None);
    }

    internal CancellationToken Over => _over.Token;

    internal ValueTask<ChildProcess> StartOnThisThreadAsync(int index, StreamArguments arguments)
    {
        BeginTime(index);
        return new(_children[index] = _commands[index].StartWithStreams(Over, arguments));
    }

    internal async ValueTask<ChildProcess> StartAsync(int index, StreamArguments arguments)
    {
        BeginTime(index);
        var child = await _commands[index].StartWithStreamsAsync(Over, arguments).ConfigureAwait(false);
        return _children[index] = child;
    }

    /// <summary>How the child is to be asked to end, now that it is over; null: not at all, it is killed.</summary>
    /// <param name="child">One of the pipeline's.</param>
    /// <param name="forceful">Ends the grace.</param>
    internal StopOptions? Wish(ChildProcess child, out CancellationToken forceful)
    {
        // As for a command by itself: its one token asks if it says WithStop, and forces otherwise.
        var wish = child.Options?.Stop;
        forceful = wish is not null && _graceful is null ? CancellationToken.None : _forceful;
        var late = Volatile.Read(ref _late);
        var isAsked = _graceful is { IsCancellationRequested: true } || (late >= 0 && _children[late] == child);
        return wish ?? (isAsked ? StopOptions.Default : null);
    }

    internal void ThrowIfCancelled()
    {
        _forceful.ThrowIfCancellationRequested();
        _graceful?.ThrowIfCancellationRequested();
    }

    /// <summary>Why it is over. To be asked when those that ran have ended.</summary>
    /// <param name="trouble">What could not be stopped; null for nothing.</param>
    internal Exception Reason(SystemCallException? trouble) =>
        _forceful.IsCancellationRequested ? RunWatch.Cancelled(trouble, _forceful)
        : _graceful is { IsCancellationRequested: true } graceful ? RunWatch.Cancelled(trouble, graceful)
        : Volatile.Read(ref _late) is >= 0 and var late
            ? new CommandTimeoutException(
                _commands[late].Options.Program,
                _commands[late].Options.Timeout!.Value,
                _children[late]?.ExitStatus,
                trouble
            )
        : RunWatch.Cancelled(trouble, _forceful);

    public void Dispose()
    {
        // Waits for a clock that is just telling that the time is up: what it cancels must still be there.
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        foreach (var clock in _clocks)
        {
            clock.Dispose();
        }

        _over.Dispose();
    }

    private void BeginTime(int index)
    {
        if (_commands[index].Options.Timeout is not null)
        {
            var clock = RunWatch.StartClock(_commands[index].Options);
            _clocks.Add(clock);
            _registrations.Add(clock.Token.UnsafeRegister(_ => TimeIsUp(index), null));
        }
    }

    // Who has ended in time, its relays too, has ended in time, however long the others take.
    private void TimeIsUp(int index)
    {
        if (_children[index] is { HasExited: true, StreamsEnded.IsCompleted: true })
        {
            return;
        }

        Interlocked.CompareExchange(ref _late, index, -1);
        _over.Cancel();
    }
}
