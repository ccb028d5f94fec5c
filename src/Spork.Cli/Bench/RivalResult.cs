namespace Spork.Cli.Bench;

/// <summary>One rival at one heap size, round by round.</summary>
internal sealed class RivalResult(string rival, ulong heap)
{
    public string Rival { get; } = rival;

    public ulong Heap { get; } = heap;

    public List<Batch> Rounds { get; } = [];

    /// <summary>Spawns per second, one number a round; empty where throughput was not asked for.</summary>
    public List<double> PerSecondAt1 { get; } = [];

    public List<double> PerSecondAt8 { get; } = [];

    public List<double> AllocatedEachAt8 { get; } = [];

    public Spread CallReturns => Spread.Of([.. CallReturnsByRound]);

    public Spread Reaped => Spread.Of([.. ReapedByRound]);

    public double CallReturnsP99 => Statistics.Percentile(Rounds.SelectMany(round => round.CallReturns), 0.99);

    public double ReapedP99 => Statistics.Percentile(Rounds.SelectMany(round => round.Reaped), 0.99);

    public double AllocatedEach => Statistics.Median(Rounds.Select(round => round.AllocatedEach));

    public bool Is(string rival) => string.Equals(Rival, rival, StringComparison.Ordinal);

    public IEnumerable<double> CallReturnsByRound => Rounds.Select(round => Statistics.Median(round.CallReturns));

    public IEnumerable<double> ReapedByRound => Rounds.Select(round => Statistics.Median(round.Reaped));
}
