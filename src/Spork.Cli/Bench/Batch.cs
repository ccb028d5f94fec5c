namespace Spork.Cli.Bench;

/// <summary>What one rival did in one round; times in microseconds.</summary>
internal sealed record Batch(double[] CallReturns, double[] Reaped, double AllocatedEach);
