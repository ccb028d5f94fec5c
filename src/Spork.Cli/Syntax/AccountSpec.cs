using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>USER[:GROUP], each a name or a number.</summary>
internal static class AccountSpec
{
    public static (string User, string? Group) Parse(string option, string text)
    {
        var parts = text.Split(':', 2);
        return parts.Any(p => p.Length == 0)
            ? throw new UsageException($"{option} {text}: write USER or USER:GROUP, by name or number")
            : (parts[0], parts.Length > 1 ? parts[1] : null);
    }

    /// <summary>Null if it is a name.</summary>
    public static uint? Number(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
