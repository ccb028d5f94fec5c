using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>Durations as people write them: <c>500ms</c>, <c>1s</c>, <c>1.5h</c>. A unit is required: a bare 5 is a riddle.</summary>
internal static class Duration
{
    private const string Expected = "write a number and a unit (ms, s, m, h, d), such as 500ms, 1.5s or 2m";

    private static readonly (string Suffix, decimal Milliseconds)[] Units =
    [
        // "ms" before "m" and "s": the longest suffix decides.
        ("ms", 1m),
        ("s", 1_000m),
        ("m", 60_000m),
        ("h", 3_600_000m),
        ("d", 86_400_000m),
    ];

    /// <summary>Timers of the kernel and of .NET both count milliseconds in an int: 24 days is the end.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(int.MaxValue - 1);

    public static TimeSpan Parse(string option, string text)
    {
        foreach (var (suffix, milliseconds) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }

            var number = text.AsSpan(0, text.Length - suffix.Length);
            if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            {
                break;
            }

            // Compared as a quotient: the product of two large decimals overflows.
            if (value > (decimal)Longest.TotalMilliseconds / milliseconds)
            {
                throw new UsageException(
                    $"{option} {text}: longer than 24 days; leave the option out to wait for ever"
                );
            }

            return TimeSpan.FromTicks((long)(value * milliseconds * TimeSpan.TicksPerMillisecond));
        }

        throw new UsageException($"{option} {Quote.Value(text)}: not a duration; {Expected}");
    }
}
