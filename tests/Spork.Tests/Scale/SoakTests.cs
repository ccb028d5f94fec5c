using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>
/// Many starts, eight at a time, leave this process as it was, and every status is right. 4,000 by default;
/// with SPORK_SOAK=1 the 100,000 that the promise is about (tests/README.md).
/// </summary>
public sealed class SoakTests(NoOpProgram noOp, ITestOutputHelper output) : IClassFixture<NoOpProgram>
{
    private const int AtOnce = 8;
    private const int Rounds = 5;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SPORK_SOAK") == "1";
    private static readonly byte[] Codes = [0, 1, 77, 255];

    [Fact]
    [Deadline(580)]
    public async Task Starts_at_eight_at_once_keep_memory_flat_and_lose_no_status()
    {
        var perRound = (IsFull ? 100_000 : 4_000) / Rounds;
        // One token for all: what a start leaves in it would be seen in the heap.
        using var cancellation = new CancellationTokenSource();
        await RunManyAsync(perRound, cancellation.Token);

        var first = Sample.Take();
        output.WriteLine($"warmed up: {first}");
        for (var round = 1; round <= Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            await RunManyAsync(perRound, cancellation.Token);
            var sample = Sample.Take();
            output.WriteLine($"{round * perRound} starts, {perRound / watch.Elapsed.TotalSeconds:f0}/s: {sample}");
            Leftovers.AssertNothingLeftSoon(first.Counts, perRound);
            Assert.InRange(sample.Heap - first.Heap, long.MinValue, 1 << 20);
            Assert.InRange(sample.Resident - first.Resident, long.MinValue, 48 << 20);
            // A bound that does not grow with the number of rounds: the runtime maps and unmaps a few at any time.
            Assert.InRange(sample.Counts.Mappings - first.Counts.Mappings, -1000, 150);
        }
    }

    private Task RunManyAsync(int count, CancellationToken token)
    {
        var left = count;
        return Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(i =>
                    i % 2 == 0
                        ? Task.Factory.StartNew(RunBlocking, TaskCreationOptions.LongRunning)
                        : Task.Run(RunAsync, token)
                )
        );

        void RunBlocking()
        {
            for (var i = Interlocked.Decrement(ref left); i >= 0; i = Interlocked.Decrement(ref left))
            {
                AssertStatus(Codes[i % Codes.Length], noOp.Exiting(Codes[i % Codes.Length]).Run(token));
            }
        }

        async Task RunAsync()
        {
            for (var i = Interlocked.Decrement(ref left); i >= 0; i = Interlocked.Decrement(ref left))
            {
                AssertStatus(Codes[i % Codes.Length], await noOp.Exiting(Codes[i % Codes.Length]).RunAsync(token));
            }
        }
    }

    private static void AssertStatus(byte code, ExitStatus status) =>
        Assert.True(status.Kind == ExitKind.Exited && status.Code == code, $"{status} instead of {code}");

    private sealed record Sample(ProcessCounts Counts, long Heap, long Resident)
    {
        public static Sample Take()
        {
            var counts = ProcessCounts.TakeBaseline();
            return new Sample(counts, GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        }

        public override string ToString() =>
            $"heap {Heap >> 10} KiB, resident {Resident >> 20} MiB, {Counts.Descriptors.Count} descriptors, "
            + $"{Counts.Mappings} mappings, {Counts.Threads.Count} threads, {Counts.Children.Count} children";
    }
}
