namespace Spork.Cli.Bench.Streams;

/// <summary>Everything one run of the bench learned; the load is that of the minute before.</summary>
internal sealed record StreamBenchResult(
    StreamBenchOptions Options,
    IReadOnlyList<StreamResult> Results,
    string LoadBefore,
    IReadOnlyList<string> Notes
)
{
    public MachineFacts Machine { get; } = MachineFacts.Describe();

    public IReadOnlyList<Goal> Goals { get; } = StreamGoals.Judge(Results);
}
