using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>Whole numbers with a range that the error names.</summary>
internal static class WholeNumber
{
    public static int Parse(string option, string text, int lowest, int highest) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= lowest
        && number <= highest
            ? number
            : throw new UsageException($"{option} {Quote.Value(text)}: not a whole number from {lowest} to {highest}");

    /// <summary>Tells a number that is too large from a word that is none.</summary>
    public static bool IsDigits(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
