namespace Spork.Cli.Syntax;

/// <summary><c>--env NAME=VALUE</c>: the value may be empty and may hold further equals signs, the name may not.</summary>
internal static class EnvironmentAssignment
{
    public static (string Name, string Value) Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? (text[..equals], text[(equals + 1)..])
            : throw new UsageException(
                $"--env {Quote.Value(text)}: not NAME=VALUE; write --env NAME= for an empty value, --unset-env NAME to remove one"
            );
    }

    public static string Name(string option, string text) =>
        text.Length > 0 && !text.Contains('=', StringComparison.Ordinal)
            ? text
            : throw new UsageException($"{option} {Quote.Value(text)}: not a variable's name; write the name alone");
}
