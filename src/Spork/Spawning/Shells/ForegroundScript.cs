namespace Spork.Spawning;

/// <summary>
/// A script that is run to its end: until this is disposed of, or until the end of the script that it was told of, the
/// keyboard is the script's (<see cref="KeyboardSignals"/>).
/// </summary>
internal sealed class ForegroundScript : IDisposable
{
    private bool _byKey;
    private bool _watched;

    private ForegroundScript(CommandOptions script)
    {
        try
        {
            KeyboardSignals.Enter();
        }
        catch (SystemCallException e)
        {
            throw StartTelemetry.Failed(script, SpawnException.NoKeyboard(script, e));
        }
    }

    /// <exception cref="SpawnException">The keyboard's signals cannot be caught.</exception>
    internal static ForegroundScript Begin(CommandOptions script) => new(script);

    /// <summary>Null, which costs nothing, if none of them is a script.</summary>
    /// <inheritdoc cref="Begin"/>
    internal static ForegroundScript? BeginIfAny(IEnumerable<Command> commands) =>
        commands.FirstOrDefault(command => command.Options.IsForegroundShell) is { } script
            ? new(script.Options)
            : null;

    /// <summary>How it ended by itself.</summary>
    internal void Ended(ExitStatus status) => _byKey |= KeyboardSignals.IsFromKeyboard(status);

    /// <summary>How all of them ended: the terminal signals every one.</summary>
    internal void Ended(PipelineStatus status)
    {
        foreach (var one in status.Statuses)
        {
            Ended(one);
        }
    }

    /// <summary>
    /// Not longer than the script itself, however long the caller takes with what it said, and whether or not this is ever
    /// disposed of.
    /// </summary>
    internal void Until(Task<ExitStatus> end)
    {
        _watched = true;
        _ = end.ContinueWith(
            static ended =>
                KeyboardSignals.Leave(ended.IsCompletedSuccessfully && KeyboardSignals.IsFromKeyboard(ended.Result)),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    public void Dispose()
    {
        if (!_watched)
        {
            KeyboardSignals.Leave(_byKey);
        }
    }
}
