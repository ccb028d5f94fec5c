using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Timeouts and graceful ends of what is captured, listened to or joined.</summary>
public class WatchedStreamsTests
{
    private static readonly StopOptions Polite = new() { Grace = TimeSpan.FromSeconds(30) };

    // Says that it was asked, and leaves that in a file: what it wrote to the pipe goes with the exception.
    private static Command Answering(TempDirectory directory) =>
        new(
            "/bin/sh",
            "-c",
            $"trap 'echo asked > {directory["asked"]}; exit 7' TERM; echo ready; while :; do sleep 0.02; done"
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_capture_ends_with_its_timeout(bool synchronous)
    {
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        var sleep = clock.For(witness.Shell("echo >&9; exec sleep 60"));
        var capture = synchronous
            ? Task.Factory.StartNew(() => sleep.Capture(cancellationToken: Token), TaskCreationOptions.LongRunning)
            : sleep.CaptureAsync(cancellationToken: Token);
        witness.WaitForLines(1);
        clock.EndAllTime();
        var e = await Assert.ThrowsAsync<CommandTimeoutException>(() => capture);
        Assert.Equal(Signal.SIGTERM, e.Status?.Signal);
    }

    [Fact]
    public async Task A_capture_in_time_is_whole()
    {
        var output = await new Command("/bin/echo", "x")
            .WithTimeout(TimeSpan.FromMinutes(1))
            .WithStop(Polite)
            .CaptureAsync(cancellationToken: Token);
        Assert.Equal("x\n", output.EnsureSuccess().StandardOutput.Text);
    }

    [Fact]
    public async Task A_cancelled_capture_asks_first()
    {
        using var directory = new TempDirectory();
        using var cancellation = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var capture = Answering(directory)
            .WithStandardOutput(Stdio.ToLines(_ => ready.TrySetResult()))
            .CaptureAsync(null, CancellationToken.None, cancellation.Token);
        await ready.Task.WaitAsync(Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capture);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
    }

    [Fact]
    public async Task Events_end_with_a_program_that_was_asked()
    {
        using var directory = new TempDirectory();
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (
                var e in Answering(directory).WithStop(Polite).ListenAsync(cancellationToken: cancellation.Token)
            )
            {
                if (e is StandardOutputCommandEvent)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timeout_of_one_command_ends_the_pipeline(bool synchronous)
    {
        using var witness = new TreeWitness();
        var before = ProcessCounts.TakeBaseline();
        var clock = new ManualClock();
        var pipeline =
            new Command("/usr/bin/yes")
            | clock.For(witness.Shell("echo >&9; exec sleep 60", []).WithDescriptor(0, Stdio.Inherit));
        var run = Run(pipeline, synchronous);
        witness.WaitForLines(1);
        clock.EndAllTime();
        var e = await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal(Signal.SIGTERM, e.Status?.Signal);
        Leftovers.AssertNothingLeftSoon(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_pipeline_too_the_time_counts_from_before_the_start(bool synchronous)
    {
        using var directory = new TempDirectory();
        var before = ProcessCounts.TakeBaseline();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = Run(new Command("sleep", "60") | clock.For(blocked), synchronous);
        Waiting.For(() => clock.IsRunning, "the clock");
        clock.EndAllTime();
        Assert.Null((await Assert.ThrowsAsync<CommandTimeoutException>(() => run)).Status);
        Leftovers.AssertNothingLeftSoon(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_of_a_command_that_runs_is_up_while_a_later_one_is_being_started(bool synchronous)
    {
        using var directory = new TempDirectory();
        var before = ProcessCounts.TakeBaseline();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = Run(clock.For(new Command("sleep", "60")) | blocked, synchronous);
        Waiting.For(() => clock.IsRunning, "the clock");
        clock.EndAllTime();
        Assert.Null((await Assert.ThrowsAsync<CommandTimeoutException>(() => run)).Status);
        Leftovers.AssertNothingLeftSoon(before);
    }

    [Fact]
    public async Task A_pipeline_with_a_command_that_cannot_be_stopped_as_it_says_starts_nobody()
    {
        using var directory = new TempDirectory();
        var wish = StopOptions.Default with { Reach = StopReach.ProcessGroup };
        var pipeline = new Command("touch", directory["started"]) | new Command("cat").WithStop(wish);
        Assert.Throws<InvalidOperationException>(() => pipeline.Run(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.RunAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.CaptureAsync(cancellationToken: Token));
        Assert.False(File.Exists(directory["started"]));
    }

    [Fact]
    public async Task A_cancelled_pipeline_asks_those_that_want_to_be_asked()
    {
        using var directory = new TempDirectory();
        using var cancellation = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var pipeline =
            new Command("/bin/sleep", "60")
            | Answering(directory).WithStop(Polite).WithStandardOutput(Stdio.ToLines(_ => ready.TrySetResult()));
        var run = pipeline.RunAsync(cancellation.Token);
        await ready.Task.WaitAsync(Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
    }

    private static Task<PipelineStatus> Run(Pipeline pipeline, bool synchronous) =>
        synchronous
            ? Task.Factory.StartNew(() => pipeline.Run(Token), TaskCreationOptions.LongRunning)
            : pipeline.RunAsync(Token);
}
