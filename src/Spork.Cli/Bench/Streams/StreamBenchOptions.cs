namespace Spork.Cli.Bench.Streams;

/// <summary>How long and how much <c>spork bench streams</c> measures.</summary>
/// <param name="Rounds">Of the short tasks.</param>
/// <param name="LongRounds">Of those that move a lot.</param>
/// <param name="Batch">Short tasks a round.</param>
/// <param name="JoinedBytes">Through two programs, each time.</param>
/// <param name="RelayedBytes">Through two programs and the parent, each time.</param>
internal sealed record StreamBenchOptions(int Rounds, int LongRounds, int Batch, long JoinedBytes, long RelayedBytes)
{
    private const long Giga = 1_000_000_000;

    public static StreamBenchOptions Create(bool quick, int? rounds) =>
        quick
            ? new StreamBenchOptions(rounds ?? 5, Math.Min(rounds ?? 3, 3), 40, Giga, Giga / 4)
            : new StreamBenchOptions(rounds ?? 15, Math.Min(rounds ?? 5, 5), 100, 10 * Giga, 2 * Giga);
}
