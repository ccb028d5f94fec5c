namespace Spork.Cli.Bench;

/// <summary>The goals of spawning. Ratios are taken within a round and their median reported.</summary>
internal static class SpawnGoals
{
    public static IReadOnlyList<Goal> Judge(IReadOnlyList<RivalResult> results)
    {
        RivalResult? Find(string rival, ulong heap = 0) =>
            results.FirstOrDefault(result => result.Is(rival) && result.Heap == heap);

        var spork = Find(RivalNames.Spork);
        var run = Find(RivalNames.SporkRun);
        var process = Find(RivalNames.Process);
        var big = results.Where(r => r.Is(RivalNames.SporkRun) && r.Heap > 0).MaxBy(r => r.Heap);
        return
        [
            AtMost(
                "start-to-reaped (Run) ÷ C vfork+execve",
                Ratio(run, Find(RivalNames.Vfork), r => r.ReapedByRound),
                1.15
            ),
            AtMost("start-to-reaped (Run) ÷ Process.Start", Ratio(run, process, r => r.ReapedByRound), 0.55),
            AtMost("call-returns ÷ Process.Start", Ratio(spork, process, r => r.CallReturnsByRound), 0.45),
            new("throughput at 8 ÷ Process.Start", Ratio(run, process, r => r.PerSecondAt8), 2, AtMost: false, "0.00"),
            new("bytes allocated per plain spawn", Allocated(spork), 1024, AtMost: true, "0"),
            AtMost(
                $"start-to-reaped, heap of {(big is null ? "4 GB" : HeapSize.Format(big.Heap))} ÷ heap of 0",
                Ratio(big, run, r => r.ReapedByRound),
                1.1
            ),
        ];
    }

    private static Goal AtMost(string what, Spread? figure, double bound) => new(what, figure, bound, true, "0.00");

    private static Spread? Ratio(RivalResult? one, RivalResult? other, Func<RivalResult, IEnumerable<double>> rounds) =>
        one is null || other is null
            ? null
            : Spread.Of([.. rounds(one).Zip(rounds(other), (mine, theirs) => mine / theirs)]);

    private static Spread? Allocated(RivalResult? spork) =>
        spork is null ? null : Spread.Of([.. spork.Rounds.Select(round => round.AllocatedEach)]);
}
