namespace Spork.Cli.Bench;

/// <summary>How long and how wide <c>spork bench spawn</c> measures.</summary>
internal sealed record SpawnBenchOptions(int Rounds, int Batch, int ParallelBatch, IReadOnlyList<ulong> Heaps)
{
    public const int Threads = 8;

    /// <param name="quick">A look, not a figure: no heaps to touch unless asked for.</param>
    /// <param name="rounds">Null: as many as usual.</param>
    /// <param name="heaps">Null: the usual.</param>
    public static SpawnBenchOptions Create(bool quick, int? rounds, IReadOnlyList<ulong>? heaps) =>
        quick
            ? new SpawnBenchOptions(rounds ?? 5, 60, 240, heaps ?? [0])
            : new SpawnBenchOptions(rounds ?? 15, 200, 800, heaps ?? [0, 1UL << 30, 4UL << 30]);
}
