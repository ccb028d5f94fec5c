using Spork.Spawning;

namespace Spork.Tests.Spawning.Streams;

/// <summary>What ends a wait for a descriptor, and only that wait.</summary>
public class ReadinessTests
{
    [Fact]
    public async Task A_cancellation_that_comes_late_hits_no_later_wait()
    {
        // The first wait is over while its callback is on its way, now earlier and now later: some run into the second.
        const int rounds = 60_000;
        using var barrier = new Barrier(2);
        CancellationTokenSource? current = null;
        var canceller = new Thread(() =>
        {
            for (var i = 0; i < rounds; i++)
            {
                barrier.SignalAndWait();
                Volatile.Read(ref current)!.Cancel();
                barrier.SignalAndWait();
            }
        })
        {
            IsBackground = true,
        };
        canceller.Start();

        var hit = 0;
        for (var i = 0; i < rounds; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Volatile.Write(ref current, cancellation);
            var readiness = new Readiness();
            var first = readiness.WaitAsync(cancellation.Token);
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            Thread.SpinWait(i % 100);
            readiness.Signal();
            var wasSignalled = await Outcome(first);
            var second = wasSignalled ? readiness.WaitAsync(CancellationToken.None) : default;
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            if (wasSignalled)
            {
                readiness.Signal();
                hit += await Outcome(second) ? 0 : 1;
            }
        }

        canceller.Join();
        Assert.Equal(0, hit);
    }

    private static async Task<bool> Outcome(ValueTask wait)
    {
        try
        {
            await wait;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
