namespace Spork;

/// <summary>Something that happened to a program, from <see cref="Command.ListenAsync(System.Text.Encoding?, LineEnding, CancellationToken)"/>.</summary>
public abstract record CommandEvent
{
    private protected CommandEvent() { }
}

/// <summary>It runs: the first event.</summary>
/// <param name="ProcessId">Its number.</param>
public sealed record StartedCommandEvent(int ProcessId) : CommandEvent;

/// <summary>It wrote a line to its standard output.</summary>
/// <param name="Text">The line, without its end.</param>
public sealed record StandardOutputCommandEvent(string Text) : CommandEvent;

/// <summary>It wrote a line to its standard error.</summary>
/// <param name="Text">The line, without its end.</param>
public sealed record StandardErrorCommandEvent(string Text) : CommandEvent;

/// <summary>It ended, and all of its output has been seen: the last event.</summary>
/// <param name="Status">How it ended.</param>
public sealed record ExitedCommandEvent(ExitStatus Status) : CommandEvent;
