using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>A collector that never rests, with all its compacting, neither hangs a start nor moves anything under a child.</summary>
public sealed class GarbageCollectionTests(NoOpProgram noOp) : IClassFixture<NoOpProgram>
{
    private const int Many = 96;

    [Fact]
    public void Synchronous_starts_succeed_under_constant_collection() =>
        UnderConstantCollection(() =>
        {
            for (var i = 0; i < Many; i++)
            {
                Assert.Equal(77, noOp.Exiting(77).Run().Code);
            }
        });

    [Fact]
    public void Asynchronous_starts_succeed_under_constant_collection() =>
        UnderConstantCollection(() =>
        {
            for (var i = 0; i < Many / 8; i++)
            {
                var runs = Enumerable.Range(0, 8).Select(_ => noOp.Exiting(77).RunAsync()).ToArray();
                Assert.All(Task.WhenAll(runs).GetAwaiter().GetResult(), status => Assert.Equal(77, status.Code));
            }
        });

    [Fact]
    public void Arguments_and_environment_arrive_whole_under_constant_collection()
    {
        using var directory = new TempDirectory();
        var output = directory["output"];
        UnderConstantCollection(() =>
        {
            for (var i = 0; i < 60; i++)
            {
                // A command of its own each time: its program is compiled while the heap moves.
                var text = new string((char)('a' + (i % 26)), 2000);
                var command = new Command("/bin/sh", "-c", "echo \"$1 $A\"", "sh", text).WithEnvironmentVariable(
                    "A",
                    text
                );
                Assert.Equal(0, command.WithStandardOutput(Stdio.Write(output)).Run().Code);
                Assert.Equal($"{text} {text}\n", File.ReadAllText(output));
            }
        });
    }

    private static void UnderConstantCollection(Action starts)
    {
        using var stop = new CancellationTokenSource();
        var collections = GC.CollectionCount(2);
        var collector = new Thread(() => CollectUntil(stop.Token)) { IsBackground = true, Name = "collector" };
        collector.Start();
        try
        {
            starts();
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }

        Assert.True(GC.CollectionCount(2) > collections, "Nothing was collected meanwhile.");
    }

    private static void CollectUntil(CancellationToken stop)
    {
        var kept = new byte[64][];
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            kept[i % kept.Length] = new byte[10_000];
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

            // Every return from a system call waits for the collection that is under way, and a collection takes as long as
            // the test runner's heap is large: without a breath in between, the starts get nowhere (seen: 60 s).
            Thread.Sleep(1);
        }

        GC.KeepAlive(kept);
    }
}
