namespace Spork.Spawning;

/// <summary>
/// A script that is run to its end: until this is disposed of the keyboard is the script's
/// (<see cref="KeyboardSignals"/>).
/// </summary>
internal sealed class ForegroundScript : IDisposable
{
    private bool _byKey;

    private ForegroundScript() => KeyboardSignals.Enter();

    internal static ForegroundScript Begin() => new();

    /// <summary>Null, which costs nothing, if none of them is a script.</summary>
    internal static ForegroundScript? BeginIfAny(IEnumerable<Command> commands) =>
        commands.Any(command => command.Options.IsShell) ? new() : null;

    /// <summary>How it ended by itself.</summary>
    internal ExitStatus Ended(ExitStatus status)
    {
        _byKey |= KeyboardSignals.IsFromKeyboard(status);
        return status;
    }

    /// <inheritdoc cref="Ended(ExitStatus)"/>
    internal CommandOutput Ended(CommandOutput output)
    {
        Ended(output.Status);
        return output;
    }

    /// <summary>How all of them ended: the terminal signals every one.</summary>
    internal void Ended(PipelineStatus status)
    {
        foreach (var one in status.Statuses)
        {
            Ended(one);
        }
    }

    public void Dispose() => KeyboardSignals.Leave(_byKey);
}
