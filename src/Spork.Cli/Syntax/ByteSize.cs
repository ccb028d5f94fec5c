using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>Sizes: a whole number of bytes with an optional K, M, G, T or P, powers of 1024 as in ulimit and dd.</summary>
internal static class ByteSize
{
    private const string Units = "KMGTP";

    /// <summary>A value that the kernel understands as "no limit" must be asked for by name, not reached by arithmetic.</summary>
    public static ulong Parse(string option, string text)
    {
        var digits = text.AsSpan();
        var shift = 0;
        if (
            digits.Length > 0
            && Units.IndexOf(char.ToUpperInvariant(digits[^1]), StringComparison.Ordinal) is var unit and >= 0
        )
        {
            shift = 10 * (unit + 1);
            digits = digits[..^1];
        }

        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (WholeNumber.IsDigits(digits))
            {
                throw TooLarge(option, text);
            }

            throw new UsageException(
                $"{option} {Quote.Value(text)}: not a size; write whole bytes or a number with K, M, G, T or P, such as 64K or 1G"
            );
        }

        if (number >= ulong.MaxValue >> shift)
        {
            throw TooLarge(option, text);
        }

        return number << shift;
    }

    private static UsageException TooLarge(string option, string text) =>
        new($"{option} {text}: is more than 64 bits can hold; write 'unlimited' for no limit");
}
