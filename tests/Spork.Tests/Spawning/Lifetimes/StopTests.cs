using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Asked first, then forced: one child.</summary>
public class StopTests
{
    private const string Deaf = "trap '' TERM; echo >&9; while :; do sleep 1000 & wait $!; done";

    // No child that stays: a shell's child that has not executed yet takes SIGTERM for the shell's own trap, and loses it.
    private const string Polite = "trap 'exit 7' TERM USR1; echo >&9; while :; do sleep 0.01; done";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    /// <summary>A look round /proc makes a string for each process; handing it to the pool makes a handful of objects.</summary>
    [Fact]
    public async Task A_tree_is_not_looked_for_on_the_callers_thread()
    {
        const int Enough = 2048;
        await StopTree();
        Assert.InRange(await StopTree(), 0, Enough);

        static async Task<long> StopTree()
        {
            using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).Start();
            var tree = new StopOptions { Reach = StopReach.Tree };
            var before = GC.GetAllocatedBytesForCurrentThread();
            var stopped = child.StopAsync(tree);
            var made = GC.GetAllocatedBytesForCurrentThread() - before;
            await stopped;
            return made;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_listens_ends_in_its_own_way(bool synchronous)
    {
        using var witness = new TreeWitness();
        using var child = Ready(witness, Polite);
        var options = new StopOptions { Grace = Long, Reach = StopReach.Tree };
        var result = synchronous ? child.Stop(options) : await child.StopAsync(options);
        Assert.Equal((StopMeans.Gracefully, 7), (result.Means, result.Status.Code));
        Assert.Equal("exit code 7, gracefully", result.ToString());
        witness.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_that_does_not_is_killed_when_the_grace_is_over(bool synchronous)
    {
        using var witness = new TreeWitness();
        using var child = Ready(witness, Deaf);
        var watch = Stopwatch.StartNew();
        var options = new StopOptions { Grace = Short, Reach = StopReach.Tree };
        var result = synchronous ? child.Stop(options) : await child.StopAsync(options);
        Assert.Equal((StopMeans.Forcefully, Signal.SIGKILL), (result.Means, result.Status.Signal));
        Assert.True(watch.Elapsed >= Short);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task The_signal_is_the_one_that_was_chosen()
    {
        using var witness = new TreeWitness();
        using var child = Ready(witness, "trap '' TERM; " + Polite.Replace("TERM ", "", StringComparison.Ordinal));
        var stop = new StopOptions
        {
            Signal = Signal.SIGUSR1,
            Grace = Long,
            Reach = StopReach.Tree,
        };
        Assert.Equal(7, (await child.StopAsync(stop)).Status.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_forceful_token_ends_the_grace(bool synchronous)
    {
        using var witness = new TreeWitness();
        using var child = Ready(witness, Deaf);
        using var forceful = new CancellationTokenSource();
        var options = new StopOptions { Grace = Timeout.InfiniteTimeSpan, Reach = StopReach.Tree };
        var stop = synchronous
            ? Task.Factory.StartNew(() => child.Stop(options, forceful.Token), TaskCreationOptions.LongRunning)
            : child.StopAsync(options, forceful.Token);
        Assert.False(stop.IsCompleted);
        await forceful.CancelAsync();
        Assert.Equal(StopMeans.Forcefully, (await stop).Means);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_stopped_child_is_continued_so_that_it_hears()
    {
        using var witness = new TreeWitness();
        using var child = Ready(witness, "trap 'exit 7' TERM; echo >&9; while :; do sleep 0.01; done");
        child.SendSignal(Signal.SIGSTOP);
        Assert.Equal(7, (await child.StopAsync(Long)).Status.Code);
    }

    [Fact]
    public async Task A_child_that_has_ended_is_not_stopped()
    {
        using var child = new Command("sh", "-c", "exit 3").Start();
        child.Wait();
        Assert.Equal((StopMeans.AlreadyEnded, 3), Of(await child.StopAsync()));
        Assert.Equal((StopMeans.AlreadyEnded, 3), Of(child.Stop(TimeSpan.Zero)));

        static (StopMeans, int?) Of(StopResult result) => (result.Means, result.Status.Code);
    }

    [Fact]
    public async Task Several_may_stop_the_same_child_at_once()
    {
        using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).Start();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => child.StopAsync(Long))));
        Assert.All(results, r => Assert.Same(child.ExitStatus, r.Status));
        Assert.Contains(results, r => r.Means == StopMeans.Gracefully);
    }

    [Fact]
    public async Task It_goes_on_beside_a_thread_that_waits_in_the_kernel()
    {
        using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).Start();
        var waiter = Task.Factory.StartNew(() => child.Wait(), TaskCreationOptions.LongRunning);
        var result = await child.StopAsync(Long);
        Assert.Same(await waiter, result.Status);
    }

    [Fact]
    public void Signals_that_ask_nobody_to_end_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new StopOptions { Signal = default });
        foreach (var signal in new[] { Signal.SIGCONT, Signal.SIGSTOP, Signal.SIGTSTP, Signal.SIGTTIN, Signal.SIGTTOU })
        {
            var e = Assert.Throws<ArgumentException>(() => new StopOptions { Signal = signal });
            Assert.Contains(signal.Name, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_grace_or_a_reach_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StopOptions { Grace = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StopOptions { Reach = (StopReach)7 });
    }

    [Fact]
    public void Stopping_leaves_nothing_behind()
    {
        Stop();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 20; i++)
        {
            Stop();
        }

        Leftovers.AssertNothingLeftSoon(before, 20);

        static void Stop()
        {
            using var witness = new TreeWitness();
            using var child = Ready(witness, Deaf);
            child.Stop(new StopOptions { Grace = TimeSpan.FromMilliseconds(5), Reach = StopReach.Tree });
            witness.WaitUntilAllAreGone();
        }
    }

    private static ChildProcess Ready(TreeWitness witness, string script)
    {
        var child = witness.Shell(script).Start();
        witness.WaitForLines(1);
        return child;
    }
}
