namespace Spork.Cli.Bench;

/// <summary>Everything one run of the bench learned.</summary>
internal sealed record SpawnBenchResult(
    SpawnBenchOptions Options,
    IReadOnlyList<RivalResult> Results,
    IReadOnlyList<string> Notes
)
{
    public MachineFacts Machine { get; } = MachineFacts.Describe();

    public IReadOnlyList<Goal> Goals { get; } = SpawnGoals.Judge(Results);
}
