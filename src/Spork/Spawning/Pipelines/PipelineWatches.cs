namespace Spork.Spawning;

/// <summary>
/// The watches over those commands of a pipeline that have a timeout or say how they are to be stopped: each from before
/// the start of its own command on.
/// </summary>
/// <remarks>
/// A start can block for ever, and meanwhile the time of a command that runs already may be over: so each start is given up
/// for the watch of any command up to its own.
/// </remarks>
internal sealed class PipelineWatches : IDisposable
{
    private readonly Command[] _commands;
    private readonly CancellationToken _cancellationToken;
    private readonly RunWatch?[] _watches;

    /// <exception cref="InvalidOperationException">One of them cannot be stopped as it says. None is started then.</exception>
    internal PipelineWatches(Command[] commands, CancellationToken cancellationToken)
    {
        _commands = commands;
        _cancellationToken = cancellationToken;
        _watches = new RunWatch?[commands.Length];
        foreach (var command in commands)
        {
            RunWatch.RefuseWithoutGroup(command.Options);
        }
    }

    /// <summary>Null for a command that has neither.</summary>
    internal RunWatch? this[int index] => _watches[index];

    internal ValueTask<ChildProcess> StartOnThisThreadAsync(int index, StreamArguments arguments)
    {
        using var over = Begin(index);
        try
        {
            return new(_commands[index].StartWithStreams(over?.Token ?? _cancellationToken, arguments));
        }
        catch (OperationCanceledException)
        {
            throw Reason();
        }
    }

    internal async ValueTask<ChildProcess> StartAsync(int index, StreamArguments arguments)
    {
        using var over = Begin(index);
        try
        {
            return await _commands[index]
                .StartWithStreamsAsync(over?.Token ?? _cancellationToken, arguments)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Reason();
        }
    }

    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch?.Dispose();
        }
    }

    // Null while no command is watched.
    private CancellationTokenSource? Begin(int index)
    {
        if (_commands[index].IsWatched)
        {
            _watches[index] = _commands[index].Watch(_cancellationToken);
        }

        var begun = _watches.OfType<RunWatch>().ToList();
        return begun.Count == 0
            ? null
            : CancellationTokenSource.CreateLinkedTokenSource([
                _cancellationToken,
                .. begun.Select(watch => watch.Over),
            ]);
    }

    private Exception Reason() =>
        _watches.OfType<RunWatch>().Select(watch => watch.WhyOver).FirstOrDefault(reason => reason is not null)
        ?? new OperationCanceledException(_cancellationToken);
}
