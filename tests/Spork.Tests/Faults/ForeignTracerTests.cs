using Spork.Tests.Support;

namespace Spork.Tests.Faults;

/// <summary>
/// A child that has exited while another process traces it: its pidfd is readable, and it cannot be reaped until the
/// tracer lets go (ptrace(2), wait_consider_task in kernel/exit.c). The reactor must neither spin on it nor forget it.
/// </summary>
public class ForeignTracerTests
{
    private const string NotTested = "a child that a foreign tracer holds back";
    private const int Measured = 1000;

    // Spinning takes all of a processor, or its share of one: this is a fraction of either. Looking every 10 ms takes 5 ms.
    private const double MostMilliseconds = 100;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_reactor_sleeps_meanwhile_and_the_status_arrives_when_the_tracer_lets_go(bool looks)
    {
        using var child = new HeldChild(7);
        using var tracer = new Tracer(child.Process.Id, looks, NotTested);
        var ended = child.Process.WaitAsync(CancellationToken.None);
        var reactor = new ThreadClock("spork reactor");
        child.LetGo();
        Waiting.For(() => OtherProcess.HasEnded(child.Process.Id), "the end of the child");

        var before = reactor.Milliseconds;
        Thread.Sleep(Measured);
        Assert.InRange(reactor.Milliseconds - before, 0, MostMilliseconds);

        // The others have what is theirs: it still reaps.
        Assert.Equal(3, (await new Command("sh", "-c", "exit 3").RunAsync(CancellationToken.None)).Code);
        Assert.False(ended.IsCompleted);
        Assert.False(child.Process.HasExited);

        tracer.LetGo();
        Assert.Equal(7, (await ended).Code);

        // And no longer looks for it: a hundred times a second would be fifty.
        var sleeps = reactor.Sleeps;
        Thread.Sleep(Measured / 2);
        Assert.InRange(reactor.Sleeps - sleeps, 0, 10);
    }

    [Fact]
    public void A_waiter_in_the_kernel_gets_the_status_when_the_tracer_lets_go()
    {
        using var child = new HeldChild(7);
        using var tracer = new Tracer(child.Process.Id, looks: false, NotTested);
        ExitStatus? status = null;
        var waiter = new Thread(() => status = child.Process.Wait()) { IsBackground = true, Name = "waiter" };
        waiter.Start();
        child.LetGo();
        Waiting.For(() => OtherProcess.HasEnded(child.Process.Id), "the end of the child");
        Assert.False(waiter.Join(100));

        tracer.LetGo();
        waiter.Join();
        Assert.Equal(7, status?.Code);
    }

    [Fact]
    public async Task A_start_given_up_while_it_is_traced_does_not_hold_up_the_others()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        await new Command("true").RunAsync(CancellationToken.None);
        var before = ChildEntry.ListOwn();
        using var cancellation = new CancellationTokenSource();
        var start = new Command("true").WithStandardInput(Stdio.Read(fifo)).StartAsync(cancellation.Token).AsTask();
        var id = OtherProcess.NewChildIn(OtherProcess.OpenAt, before);
        using var tracer = new Tracer(id, looks: false, NotTested);
        await cancellation.CancelAsync();
        Waiting.For(() => OtherProcess.HasEnded(id), "the end of the child");

        var other = new Command("sh", "-c", "exit 3").RunAsync(CancellationToken.None);
        Waiting.For(() => other.IsCompleted, "another child's status");
        Assert.Equal(3, (await other).Code);
        Assert.False(start.IsCompleted);

        tracer.LetGo();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
    }
}
