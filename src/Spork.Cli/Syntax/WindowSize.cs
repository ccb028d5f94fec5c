using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>A terminal's size: rows, an x, columns.</summary>
internal static class WindowSize
{
    public static TerminalSize Parse(string option, string text) =>
        text.Split('x') is [var rows, var columns] && TryParse(rows, out var r) && TryParse(columns, out var c)
            ? new TerminalSize(r, c)
            : throw new UsageException($"{option} {text}: write rows and columns, from 1 to 65535, such as 24x80");

    private static bool TryParse(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && number is >= 1 and <= ushort.MaxValue;
}
