using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Spork;

public readonly partial struct Signal
{
    private const string Prefix = "SIG";

    /// <summary>Reads a signal as people write it: <c>TERM</c>, <c>SIGTERM</c>, <c>15</c>, <c>RTMIN+3</c>.</summary>
    /// <param name="text">A name with or without SIG in any case, a number, or an offset such as RTMAX-1.</param>
    /// <returns>The signal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="FormatException"><paramref name="text"/> names no signal.</exception>
    public static Signal Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var signal)
            ? signal
            : throw new FormatException(
                $"'{text}' is not a signal: use a name (TERM, SIGTERM), a number from 1 to {LastRealTime}, "
                    + "or a real-time signal (RTMIN+3, RTMAX-1)."
            );
    }

    /// <summary>Reads a signal as <see cref="Parse"/> does, without throwing.</summary>
    /// <param name="text">The text; null is no signal.</param>
    /// <param name="signal">The signal, or a default value.</param>
    /// <returns><see langword="true"/> when <paramref name="text"/> is a signal.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Signal signal)
    {
        signal = default;
        var name = text.AsSpan().Trim();
        if (name.IsEmpty)
        {
            return false;
        }

        var number = TryReadNumber(name, out var plain) ? plain : FindNumber(name);
        if (number is < 1 or > LastRealTime)
        {
            return false;
        }

        signal = new Signal(number);
        return true;
    }

    private static int FindNumber(ReadOnlySpan<char> name)
    {
        if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            name = name[Prefix.Length..];
        }

        if (FindRealTime(name, "RTMIN", FirstRealTime, sign: '+') is var low and not 0)
        {
            return low;
        }

        if (FindRealTime(name, "RTMAX", LastRealTime, sign: '-') is var high and not 0)
        {
            return high;
        }

        for (var number = 1; number < 32; number++)
        {
            if (name.Equals(Describe(number).Name.AsSpan(Prefix.Length), StringComparison.OrdinalIgnoreCase))
            {
                return number;
            }
        }

        // The aliases are at most three letters; what does not fit is none of them.
        Span<char> upper = stackalloc char[3];
        return name.ToUpperInvariant(upper) is var length and > 0 ? FindAlias(upper[..length]) : 0;
    }

    // RTMIN+n counts up, RTMAX-n down; an offset that leaves the real-time range is no signal.
    private static int FindRealTime(ReadOnlySpan<char> name, string origin, int number, char sign)
    {
        if (!name.StartsWith(origin, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        var rest = name[origin.Length..];
        if (rest.IsEmpty)
        {
            return number;
        }

        return rest[0] == sign && TryReadNumber(rest[1..], out var offset) && offset <= LastRealTime - FirstRealTime
            ? sign == '+'
                ? number + offset
                : number - offset
            : 0;
    }

    // Digits only: int.Parse alone would take "+15" and blanks.
    private static bool TryReadNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
