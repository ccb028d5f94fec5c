using System.Diagnostics;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>Cancelled at any moment, a start gives a live child or OperationCanceledException, never both, and leaves nothing.</summary>
public sealed class CancellationRaceTests(NoOpProgram noOp) : IClassFixture<NoOpProgram>
{
    private const int Many = 2000;

    [Fact]
    public Task An_asynchronous_start_cancelled_at_a_random_moment_gives_a_child_or_nothing() =>
        AssertEitherWayAsync(async token =>
        {
            using var child = await noOp.Command.StartAsync(token);
            Assert.Equal(0, (await child.WaitAsync(CancellationToken.None)).Code);
        });

    [Fact]
    public Task A_synchronous_start_cancelled_at_a_random_moment_gives_a_child_or_nothing() =>
        AssertEitherWayAsync(token =>
        {
            using var child = noOp.Command.Start(token);
            Assert.Equal(0, child.Wait(CancellationToken.None).Code);
            return Task.CompletedTask;
        });

    [Fact]
    public Task A_gated_start_released_and_cancelled_at_a_random_moment_gives_a_child_or_nothing() =>
        AssertEitherWayAsync(async token =>
        {
            using var gated = noOp.Command.StartGated();
            using var child = await gated.ReleaseAsync(token);
            Assert.Equal(0, (await child.WaitAsync(CancellationToken.None)).Code);
        });

    [Fact]
    public Task A_run_cancelled_at_a_random_moment_has_a_status_or_was_cancelled() =>
        AssertEitherWayAsync(async token => Assert.Equal(0, (await noOp.Command.RunAsync(token)).Code));

    // As when the child is faster than its caller, who registers for cancellation last of all.
    [Fact]
    public async Task A_start_that_is_over_leaves_nothing_in_a_token_that_lives_on()
    {
        Assert.SkipWhen(
            SpawnLadder.Rung == Rung.PosixSpawn,
            "NOT TESTED: registrations. This rung has no asynchronous start."
        );
        var mode = new StartMode(Asynchronous: true, Gated: false, SpawnLadder.Rung);
        var operation = StartOperation.Launch(noOp.Command, mode);
        using var child = await operation.Completion;
        await child.WaitAsync(CancellationToken.None);

        using var longLived = new CancellationTokenSource();
        operation.CancelWith(longLived.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 100_000; i++)
        {
            operation.CancelWith(longLived.Token);
        }

        // A registration that stayed would cost eight megabytes in all.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1 << 20);
    }

    private static async Task AssertEitherWayAsync(Func<CancellationToken, Task> start)
    {
        // Both ends for certain: never cancelled, and cancelled from the beginning.
        await start(CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start(new CancellationToken(canceled: true)));
        var before = ProcessCounts.TakeBaseline();
        var random = new Random(20121231);
        using var canceller = new Canceller();
        for (var i = 0; i < Many; i++)
        {
            using var cancellation = new CancellationTokenSource();
            canceller.CancelAfter(cancellation, random.Next(400));
            try
            {
                await start(cancellation.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.True(cancellation.IsCancellationRequested);
            }

            canceller.WaitUntilCancelled();
        }

        canceller.Dispose();
        Leftovers.AssertNothingLeftSoon(before, Many);
    }

    // A timer is a thousand times too coarse.
    private sealed class Canceller : IDisposable
    {
        private readonly Thread _thread;
        private readonly SemaphoreSlim _asked = new(0);
        private readonly SemaphoreSlim _done = new(0);
        private CancellationTokenSource? _source;
        private int _microseconds;

        public Canceller()
        {
            _thread = new Thread(Loop) { IsBackground = true, Name = "canceller" };
            _thread.Start();
        }

        public void CancelAfter(CancellationTokenSource source, int microseconds)
        {
            (_source, _microseconds) = (source, microseconds);
            _asked.Release();
        }

        public void WaitUntilCancelled() => _done.Wait();

        public void Dispose()
        {
            if (_thread.IsAlive)
            {
                _source = null;
                _asked.Release();
                _thread.Join();
            }
        }

        private void Loop()
        {
            for (_asked.Wait(); _source is { } source; _asked.Wait())
            {
                var started = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(started).TotalMicroseconds < _microseconds)
                {
                    Thread.SpinWait(10);
                }

                source.Cancel();
                _done.Release();
            }
        }
    }
}
