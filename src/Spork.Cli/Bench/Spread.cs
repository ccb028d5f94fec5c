using System.Globalization;

namespace Spork.Cli.Bench;

/// <summary>A figure with its honesty: the median of the rounds, and the lowest and highest round.</summary>
internal readonly record struct Spread(double Median, double Lowest, double Highest)
{
    public static Spread Of(IReadOnlyCollection<double> rounds) =>
        new(Statistics.Median(rounds), rounds.Min(), rounds.Max());

    public string Format(string format) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Median.ToString(format)} ({Lowest.ToString(format)}–{Highest.ToString(format)})"
        );
}
