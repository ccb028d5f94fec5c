namespace Spork.Cli.Bench.Streams;

/// <summary>One rival at one task, round by round; times in microseconds.</summary>
internal sealed class StreamResult(StreamTask task, string rival)
{
    public StreamTask Task { get; } = task;

    public string Rival { get; } = rival;

    public List<double[]> Rounds { get; } = [];

    public List<double> AllocatedByRound { get; } = [];

    public IReadOnlyList<double> TimeByRound => [.. Rounds.Select(round => Statistics.Median(round))];

    public Spread Time => Spread.Of(TimeByRound);

    /// <summary>10⁹ bytes a second.</summary>
    public Spread Throughput => Spread.Of([.. TimeByRound.Select(time => Task.Bytes / time / 1000)]);

    public double AllocatedEach => Statistics.Median(AllocatedByRound);

    public bool Is(string task, string rival) =>
        string.Equals(Task.Name, task, StringComparison.Ordinal)
        && string.Equals(Rival, rival, StringComparison.Ordinal);

    /// <summary>Round by round, this time by the other's.</summary>
    public Spread TimesAsLongAs(StreamResult other) =>
        Spread.Of([.. TimeByRound.Zip(other.TimeByRound, (mine, theirs) => mine / theirs)]);
}
