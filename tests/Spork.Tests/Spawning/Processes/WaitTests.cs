using System.IO.Pipes;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Every way to wait for a child, and to stop waiting.</summary>
public class WaitTests
{
    [Fact]
    public async Task Many_waiters_of_every_kind_get_the_same_status()
    {
        using var child = new HeldChild(6);
        using var cancel = new CancellationTokenSource();
        var waiters = Enumerable
            .Range(0, 4)
            .SelectMany(_ =>
                new[]
                {
                    Task.Run(() => child.Process.Wait()),
                    Task.Run(() => child.Process.Wait(cancel.Token)),
                    Task.Run(() => child.Process.Wait(TimeSpan.FromSeconds(50))!),
                    child.Process.WaitAsync(),
                    child.Process.WaitAsync(cancel.Token),
                }
            )
            .ToArray();
        Assert.All(waiters, w => Assert.False(w.IsCompleted));
        child.LetGo();
        var all = await Task.WhenAll(waiters);
        Assert.All(all, status => Assert.Same(all[0], status));
        Assert.Equal(6, all[0].Code);
        Assert.Same(all[0], child.Process.ExitStatus);
    }

    [Fact]
    public void Time_that_runs_out_says_still_running()
    {
        using var child = new HeldChild(0);
        Assert.Null(child.Process.Wait(TimeSpan.Zero));
        Assert.Null(child.Process.Wait(TimeSpan.FromMilliseconds(20)));
        Assert.False(child.Process.HasExited);
        Assert.Null(child.Process.ExitStatus);
        child.LetGo();
        Assert.True(child.Process.Wait(Timeout.InfiniteTimeSpan)!.IsSuccess);
        Assert.True(child.Process.Wait(TimeSpan.Zero)!.IsSuccess);
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(-86_400_000)]
    public void A_timeout_that_is_none_is_refused(double milliseconds)
    {
        using var child = new HeldChild(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Process.Wait(TimeSpan.FromMilliseconds(milliseconds)));
        child.LetGo();
        child.Process.Wait();
        Assert.Throws<ArgumentOutOfRangeException>(() => child.Process.Wait(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Fact]
    public async Task Cancelling_stops_the_waiting_and_not_the_child()
    {
        using var child = new HeldChild(3);
        using var cancel = new CancellationTokenSource();
        var sync = Task.Run(() => child.Process.Wait(cancel.Token));
        var asynchronous = child.Process.WaitAsync(cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sync);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asynchronous);
        Assert.False(child.Process.HasExited);
        child.LetGo();
        Assert.Equal(3, (await child.Process.WaitAsync()).Code);
    }

    [Fact]
    public void Cancelling_Run_kills_the_child_and_reaps_it()
    {
        var sleep = new Command("sleep", "1000");
        var before = ChildEntry.ListOwn();
        foreach (var asynchronous in new[] { false, true })
        {
            using var cancel = new CancellationTokenSource();
            var run = asynchronous ? sleep.RunAsync(cancel.Token) : Task.Run(() => sleep.Run(cancel.Token));
            var child = OtherProcess.NewChildIn(OtherProcess.ClockNanosleep, before);
            cancel.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => run.GetAwaiter().GetResult());
            Assert.False(Directory.Exists($"/proc/{child}"));
        }
    }

    [Fact]
    public void HasExited_turns_true_by_itself_and_the_status_is_there()
    {
        using var child = new HeldChild(4);
        Assert.False(child.Process.HasExited);
        child.LetGo();
        Waiting.For(() => child.Process.HasExited, "the child to exit");
        Assert.Equal(4, child.Process.ExitStatus!.Code);
        Assert.False(Directory.Exists($"/proc/{child.Process.Id}"));
    }

    [Fact]
    public void A_child_disposed_while_it_runs_lives_on_and_is_reaped_at_its_end()
    {
        using var child = new HeldChild(0);
        var id = child.Process.Id;
        child.Process.Dispose();
        child.Process.Dispose();
        Assert.False(OtherProcess.HasEnded(id));
        child.LetGo();
        Waiting.For(() => !Directory.Exists($"/proc/{id}"), "the child to be reaped");
    }

    [Fact]
    public void A_child_nobody_holds_any_more_is_reaped()
    {
        var before = Leftovers.BeforeForgetting();
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var id = StartAndForget(pipe);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.False(OtherProcess.HasEnded(id));
        pipe.Dispose();
        Waiting.For(() => !Directory.Exists($"/proc/{id}"), "the child to be reaped");
        Leftovers.WaitUntilForgottenIsClosed(before);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int StartAndForget(AnonymousPipeServerStream pipe)
    {
        var id = new Command("cat").WithStandardInput(Stdio.FromHandle(pipe.ClientSafePipeHandle)).Start().Id;
        pipe.DisposeLocalCopyOfClientHandle();
        return id;
    }
}
