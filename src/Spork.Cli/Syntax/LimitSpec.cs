using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary><c>--limit NAME=SOFT[:HARD]</c>. Without HARD both limits are set.</summary>
internal readonly record struct LimitSpec(Resource Resource, ulong Soft, ulong Hard)
{
    private const string Option = "--limit";

    public static LimitSpec Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UsageException(
                $"{Option} {Quote.Value(text)}: no value; write NAME=SOFT or NAME=SOFT:HARD, such as nofile=1024 or as=1G:2G"
            );
        }

        var name = text[..equals];
        if (!LimitNames.TryGet(name, out var limit))
        {
            throw new UsageException($"{Option} {text}: there is no limit '{name}'; write one of {LimitNames.All}");
        }

        var values = text[(equals + 1)..].Split(':');
        if (values.Length > 2)
        {
            throw new UsageException($"{Option} {text}: too many values; write {name}=SOFT or {name}=SOFT:HARD");
        }

        var soft = ParseValue(text, values[0], limit.IsBytes);
        var hard = values.Length == 2 ? ParseValue(text, values[1], limit.IsBytes) : soft;
        return soft <= hard
            ? new LimitSpec(limit.Resource, soft, hard)
            : throw new UsageException(
                $"{Option} {text}: the soft limit is above the hard limit; write the smaller one first"
            );
    }

    private static ulong ParseValue(string whole, string value, bool isBytes)
    {
        if (string.Equals(value, "unlimited", StringComparison.Ordinal))
        {
            return ulong.MaxValue;
        }

        if (isBytes)
        {
            return ByteSize.Parse($"{Option} {whole}:", value);
        }

        if (WholeNumber.IsDigits(value) && !ulong.TryParse(value, CultureInfo.InvariantCulture, out _))
        {
            throw new UsageException($"{Option} {whole}: more than 64 bits can hold; write 'unlimited' for no limit");
        }

        // A count of files with a K is more often a mistake than a wish.
        return
            ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number != ulong.MaxValue
            ? number
            : throw new UsageException(
                $"{Option} {whole}: {Quote.Value(value)} is not a count; write a whole number without a unit, or unlimited"
            );
    }
}
