using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Timeouts and graceful ends of what is captured, listened to or joined.</summary>
public class WatchedStreamsTests
{
    private static readonly StopOptions Polite = new() { Grace = TimeSpan.FromSeconds(30) };

    // The library's own threads are there before anything is counted.
    public WatchedStreamsTests()
    {
        using var child = new Command("true").StartAsync(Token).AsTask().GetAwaiter().GetResult();
        child.Wait(Token);
    }

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
        witness.WaitUntilAllAreGone();
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
        witness.WaitUntilAllAreGone();
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
        using var witness = new TreeWitness();
        var before = ProcessCounts.TakeBaseline();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = Run(clock.For(witness.Shell("echo >&9; exec sleep 60")) | blocked, synchronous);
        witness.WaitForLines(1);
        clock.EndAllTime();
        var e = await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal(Signal.SIGTERM, e.Status?.Signal);
        Leftovers.AssertNothingLeftSoon(before);
        witness.WaitUntilAllAreGone();
    }

    public enum Ending
    {
        Timeout,
        Cancellation,
        CancellationOfAStart,
    }

    // The first command runs and is asked as it says; the second blocks in its start.
    [Theory]
    [InlineData(Ending.Timeout, true)]
    [InlineData(Ending.Timeout, false)]
    [InlineData(Ending.Cancellation, true)]
    [InlineData(Ending.Cancellation, false)]
    [InlineData(Ending.CancellationOfAStart, true)]
    [InlineData(Ending.CancellationOfAStart, false)]
    public async Task A_sibling_is_asked_as_it_says_when_a_later_start_is_given_up(Ending ending, bool synchronous)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var cancellation = new CancellationTokenSource();
        var before = ProcessCounts.TakeBaseline();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var pipeline =
            witness.Shell(AnswerTerm(directory["asked"])).WithStop(Polite)
            // Says nothing, and is killed.
            | witness.Shell(AnswerTerm(directory["not asked"]), []).WithDescriptor(0, Stdio.Inherit)
            | (ending == Ending.Timeout ? clock.For(blocked) : blocked);
        Func<Task> run =
            ending == Ending.CancellationOfAStart
                ? synchronous
                    ? () => Long(() => pipeline.Start(cancellation.Token))
                    : () => pipeline.StartAsync(cancellation.Token)
                : synchronous
                    ? () => Long(() => pipeline.Run(cancellation.Token))
                    : () => pipeline.RunAsync(cancellation.Token);
        var running = run();
        witness.WaitForLines(2);
        if (ending == Ending.Timeout)
        {
            Waiting.For(() => clock.IsRunning, "the clock");
            clock.EndAllTime();
            await Assert.ThrowsAsync<CommandTimeoutException>(() => running);
        }
        else
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
        Assert.False(File.Exists(directory["not asked"]));
        Leftovers.AssertNothingLeftSoon(before);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_sibling_that_does_not_listen_is_killed_after_its_grace_when_a_later_start_is_given_up()
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var cancellation = new CancellationTokenSource();
        var before = ProcessCounts.TakeBaseline();
        var hasty = new StopOptions { Grace = TimeSpan.FromMilliseconds(1) };
        var pipeline =
            witness.Shell("trap '' TERM; echo >&9; while :; do sleep 0.02; done").WithStop(hasty)
            | new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = pipeline.RunAsync(cancellation.Token);
        witness.WaitForLines(1);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Leftovers.AssertNothingLeftSoon(before);
        witness.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sibling_is_asked_as_it_says_when_the_time_of_another_is_up(bool synchronous)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        var pipeline =
            witness.Shell(AnswerTerm(directory["asked"])).WithStop(Polite)
            | clock.For(witness.Shell("echo >&9; exec sleep 60", []).WithDescriptor(0, Stdio.Inherit));
        var run = Run(pipeline, synchronous);
        witness.WaitForLines(2);
        clock.EndAllTime();
        await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
        witness.WaitUntilAllAreGone();
    }

    // A writer whose reader is gone is sent SIGPIPE, or told EPIPE: not a request.
    [Theory]
    [InlineData(true, StopReach.Process)]
    [InlineData(false, StopReach.Process)]
    [InlineData(true, StopReach.Tree)]
    [InlineData(false, StopReach.Tree)]
    public async Task A_writer_is_asked_before_it_loses_its_reader(bool timeout, StopReach reach)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var cancellation = new CancellationTokenSource();
        var clock = new ManualClock();
        var said = directory["said"];
        var writer = witness.Shell(
            $"trap '' PIPE; trap 'echo asked >> \"{said}\"; exit 7' TERM; echo >&9; "
                + $"while echo x 2> /dev/null; do :; done; echo lost >> \"{said}\"; exec sleep 60"
        );
        var reader = witness.Shell("echo >&9; exec cat > /dev/null", []).WithDescriptor(0, Stdio.Inherit);
        var pipeline = writer.WithStop(Polite with { Reach = reach }) | (timeout ? clock.For(reader) : reader);
        var run = pipeline.RunAsync(cancellation.Token);
        witness.WaitForLines(2);
        if (timeout)
        {
            clock.EndAllTime();
            await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        }
        else
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }

        Assert.Equal("asked\n", await File.ReadAllTextAsync(said, Token));
        witness.WaitUntilAllAreGone();
    }

    // Each ends only when the other has been asked too: one after the other they would use up their graces.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_are_asked_at_the_same_time(bool synchronous)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        string Asked(string own, string other) =>
            $"trap 'echo > \"{directory[own]}\"; until [ -e \"{directory[other]}\" ]; do sleep 0.02; done; exit 7' TERM; "
            + "echo >&9; while :; do sleep 0.02; done";
        var pipeline =
            witness.Shell(Asked("a", "b")).WithStop(Polite)
            | clock.For(witness.Shell(Asked("b", "a"), []).WithDescriptor(0, Stdio.Inherit).WithStop(Polite));
        var run = Run(pipeline, synchronous);
        witness.WaitForLines(2);
        clock.EndAllTime();
        Assert.Equal(7, (await Assert.ThrowsAsync<CommandTimeoutException>(() => run)).Status?.Code);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Nobody_is_asked_twice_when_the_time_of_several_is_up()
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var first = new ManualClock();
        var second = new ManualClock();

        // It ends some time after it was asked, so that it would hear of it again.
        var slow =
            $"trap 'echo asked >> \"{directory["said"]}\"' TERM; echo >&9; "
            + $"until [ -e \"{directory["go"]}\" ]; do sleep 0.02; done; sleep 0.5; sleep 0.5; exit 7";
        var pipeline =
            first.For(witness.Shell("echo >&9; exec sleep 60"))
            | second.For(witness.Shell(slow, []).WithDescriptor(0, Stdio.Inherit).WithStop(Polite));
        var run = pipeline.RunAsync(Token);
        witness.WaitForLines(2);
        first.EndAllTime();
        Waiting.For(() => File.Exists(directory["said"]), "the request");
        second.EndAllTime();
        await File.WriteAllTextAsync(directory["go"], "", Token);
        await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["said"], Token));
        witness.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_has_ended_in_time_has_no_time_to_be_up(bool synchronous)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        var last = new ManualClock();
        var pidFile = directory["pid"];
        var first = new Command("sh", "-c", $"echo $$ > \"{pidFile}.new\"; mv \"{pidFile}.new\" \"{pidFile}\"");
        var late = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = Run(clock.For(first) | last.For(late, TimeSpan.FromDays(1)), synchronous);

        // The second command's clock: the start of the first is over.
        Waiting.For(() => last.IsRunning && File.Exists(pidFile), "the first command");
        var pid = int.Parse(await File.ReadAllTextAsync(pidFile, Token), CultureInfo.InvariantCulture);
        Waiting.For(() => OtherProcess.HasEnded(pid), "its end");
        clock.EndAllTime();
        await using var reader = new FileStream(directory["fifo"], FileMode.Open, FileAccess.ReadWrite);
        Assert.True((await run).IsSuccess);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_command_whose_time_is_up_is_asked_though_a_later_one_is_still_being_started()
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = Run(clock.For(witness.Shell(AnswerTerm(directory["asked"]))) | blocked, synchronous: false);
        witness.WaitForLines(1);
        Waiting.For(() => clock.IsRunning, "the clock");
        clock.EndAllTime();
        var e = await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal(7, e.Status?.Code);
        Assert.Equal("asked\n", await File.ReadAllTextAsync(directory["asked"], Token));
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_sibling_of_a_command_that_cannot_be_started_is_killed_whatever_it_says()
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        var first = witness.Shell(AnswerTerm(directory["asked"]));
        var absent = new Command("/no/such/program").WithStandardError(Stdio.Write(Fifo.Create(directory["fifo"])));
        var run = (first.WithStop(Polite) | absent).RunAsync(Token);
        // Only when the first listens does the start of the second go on, and fail.
        witness.WaitForLines(1);
        await using var reader = new FileStream(directory["fifo"], FileMode.Open, FileAccess.Read);
        await Assert.ThrowsAsync<SpawnException>(() => run);
        Assert.False(File.Exists(directory["asked"]));
        witness.WaitUntilAllAreGone();
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

    // Says through the witness that it listens.
    private static string AnswerTerm(string file) =>
        $"trap 'echo asked > \"{file}\"; exit 7' TERM; echo >&9; while :; do sleep 0.02; done";

    private static Task<PipelineProcess> Long(Func<PipelineProcess> start) =>
        Task.Factory.StartNew(start, TaskCreationOptions.LongRunning);

    private static Task<PipelineStatus> Long(Func<PipelineStatus> run) =>
        Task.Factory.StartNew(run, TaskCreationOptions.LongRunning);

    private static Task<PipelineStatus> Run(Pipeline pipeline, bool synchronous) =>
        synchronous
            ? Task.Factory.StartNew(() => pipeline.Run(Token), TaskCreationOptions.LongRunning)
            : pipeline.RunAsync(Token);
}
