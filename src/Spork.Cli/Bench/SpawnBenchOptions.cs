namespace Spork.Cli.Bench;

/// <summary>How long and how wide <c>spork bench spawn</c> measures.</summary>
internal sealed record SpawnBenchOptions(int Rounds, int Batch, int ParallelBatch, IReadOnlyList<ulong> Heaps)
{
    public const int Threads = 8;

    public static IReadOnlyList<ulong> DefaultHeaps { get; } = [0, 1UL << 30, 4UL << 30];

    public static SpawnBenchOptions Create(bool quick, int? rounds, IReadOnlyList<ulong> heaps) =>
        quick
            ? new SpawnBenchOptions(rounds ?? 5, 60, 240, heaps)
            : new SpawnBenchOptions(rounds ?? 15, 200, 800, heaps);
}
