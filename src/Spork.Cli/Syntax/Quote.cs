namespace Spork.Cli.Syntax;

/// <summary>How error lines show what was typed: an empty value must be visible.</summary>
internal static class Quote
{
    public static string Value(string text) =>
        text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
