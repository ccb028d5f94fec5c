namespace Spork.Cli.Syntax;

/// <summary>Signals by name or number, as kill(1) takes them.</summary>
internal static class SignalName
{
    public static Signal Parse(string option, string text) =>
        Signal.TryParse(text, out var signal)
            ? signal
            : throw new UsageException(
                $"{option} {Quote.Value(text)}: not a signal; write a name or a number, such as TERM, SIGKILL or 15"
            );
}
