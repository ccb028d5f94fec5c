using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>Processors as in taskset(1): <c>0,2-3</c>.</summary>
internal static class ProcessorList
{
    /// <summary>CONFIG_NR_CPUS ends at 8192 on x86; a longer range is a typing error, not a machine.</summary>
    private const int Highest = 8191;

    public static int[] Parse(string option, string text)
    {
        var processors = new SortedSet<int>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last))
            {
                throw new UsageException(
                    $"{option} {Quote.Value(text)}: not a list of processors; write numbers and ranges, such as 0,2-3"
                );
            }

            if (Math.Max(first, last) > Highest)
            {
                throw new UsageException($"{option} {text}: Linux numbers processors from 0 to {Highest}");
            }

            if (last < first)
            {
                throw new UsageException($"{option} {text}: the range {part} runs backwards; write {last}-{first}");
            }

            processors.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return [.. processors];
    }

    // Digits beyond int are a number all the same, and too large.
    private static bool TryNumber(string text, out int number)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            number = int.MaxValue;
            return WholeNumber.IsDigits(text);
        }

        return true;
    }
}
