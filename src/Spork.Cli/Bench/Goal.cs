using System.Globalization;

namespace Spork.Cli.Bench;

/// <summary>A promise of the project beside what was measured; without a figure it is neither met nor missed.</summary>
internal sealed record Goal(string What, Spread? Figure, double Bound, bool AtMost, string Format)
{
    public string Verdict =>
        Figure is not { } figure ? "not measured"
        : (AtMost ? figure.Median <= Bound : figure.Median >= Bound) ? "met"
        : "missed";

    public string BoundText => $"{(AtMost ? "≤" : "≥")} {Bound.ToString("0.##", CultureInfo.InvariantCulture)}";

    public string FigureText => Figure is { } figure ? figure.Format(Format) : "–";
}
