namespace Spork.Spawning;

/// <summary>
/// The watches over those commands of a pipeline that have a timeout or say how they are to be stopped: each from before
/// the start of its own command on.
/// </summary>
internal sealed class PipelineWatches(Command[] commands, CancellationToken cancellationToken) : IDisposable
{
    private readonly RunWatch?[] _watches = new RunWatch?[commands.Length];

    /// <summary>Null for a command that has neither.</summary>
    internal RunWatch? this[int index] => _watches[index];

    internal ValueTask<ChildProcess> StartOnThisThreadAsync(int index, StreamArguments arguments)
    {
        var command = commands[index];
        return new(
            Begin(index) is { } watch
                ? watch.Start(token => command.StartWithStreams(token, arguments))
                : command.StartWithStreams(cancellationToken, arguments)
        );
    }

    internal ValueTask<ChildProcess> StartAsync(int index, StreamArguments arguments)
    {
        var command = commands[index];
        return new(
            Begin(index) is { } watch
                ? watch.StartAsync(token => command.StartWithStreamsAsync(token, arguments))
                : command.StartWithStreamsAsync(cancellationToken, arguments)
        );
    }

    public void Dispose()
    {
        foreach (var watch in _watches)
        {
            watch?.Dispose();
        }
    }

    private RunWatch? Begin(int index) =>
        commands[index].IsWatched ? _watches[index] = commands[index].Watch(cancellationToken) : null;
}
