using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A token that asks and one that forces, for what is listened to, captured or joined; and a pipeline's stop.</summary>
public class TwoTokenTests
{
    private static readonly StopOptions Endless = new() { Grace = Timeout.InfiniteTimeSpan };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly CancellationToken Forced = new(canceled: true);

    public enum Way
    {
        Run,
        RunAsync,
        CaptureAsync,
    }

    [Fact]
    public async Task Who_is_listened_to_is_asked_and_heard_to_the_end()
    {
        using var graceful = new CancellationTokenSource();
        var lines = new List<string>();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            var events = new Command("/bin/sh", "-c", Polite("echo bye; exit 7", "echo ready")).ListenAsync(
                Encoding.UTF8,
                LineEnding.NewLine,
                CancellationToken.None,
                graceful.Token
            );
            await foreach (var one in events.WithCancellation(Token))
            {
                if (one is StandardOutputCommandEvent { Text: var line })
                {
                    lines.Add(line);
                    await graceful.CancelAsync();
                }
            }
        });
        Assert.Equal(graceful.Token, e.CancellationToken);
        Assert.Equal(["ready", "bye"], lines);
    }

    /// <summary>Whatever the drain grace is: that is for a program that ends by itself.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_descendant_that_keeps_the_pipe_does_not_keep_the_listener_whose_time_is_up(bool timeout)
    {
        using var directory = new TempDirectory();
        using var graceful = new CancellationTokenSource();
        var clock = new ManualClock();
        var command = new Command(
            "/bin/sh",
            "-c",
            Polite("exit 0", $"sleep 60 & echo $! > {directory["pid"]}; echo ready")
        )
            .WithDrainGrace(Timeout.InfiniteTimeSpan)
            .WithStop(Endless);
        var lines = new List<string>();
        var events = timeout
            ? clock.For(command).ListenAsync(cancellationToken: Token)
            : command.ListenAsync(null, LineEnding.NewLine, CancellationToken.None, graceful.Token);
        var e = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var one in events.WithCancellation(Token))
            {
                if (one is StandardOutputCommandEvent { Text: var line })
                {
                    lines.Add(line);
                    await (timeout ? Task.Run(clock.EndAllTime) : graceful.CancelAsync());
                }
            }
        });
        Assert.IsType(timeout ? typeof(CommandTimeoutException) : typeof(OperationCanceledException), e);
        Assert.Equal(["ready"], lines);
        using var descendant = PidFd.Open(int.Parse(await File.ReadAllTextAsync(directory["pid"], Token)));
        descendant.Kill();
    }

    /// <summary>More than is held for the listener, who comes back when the program has ended.</summary>
    [Fact]
    public async Task A_long_farewell_is_heard_to_the_end_by_a_slow_listener()
    {
        using var graceful = new CancellationTokenSource();
        var lines = new List<string>();
        var process = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            var events = new Command("/bin/sh", "-c", Polite("seq 2000; exit 7", "echo ready"))
                .WithDrainGrace(Timeout.InfiniteTimeSpan)
                .ListenAsync(Encoding.UTF8, LineEnding.NewLine, CancellationToken.None, graceful.Token);
            await foreach (var one in events.WithCancellation(Token))
            {
                switch (one)
                {
                    case StartedCommandEvent started:
                        process = started.ProcessId;
                        break;
                    case StandardOutputCommandEvent { Text: "ready" }:
                        await graceful.CancelAsync();
                        break;
                    case StandardOutputCommandEvent { Text: var line }:
                        Waiting.For(() => !Directory.Exists($"/proc/{process}"), "the program's end");
                        lines.Add(line);
                        break;
                }
            }
        });
        Assert.Equal(Enumerable.Range(1, 2000).Select(n => $"{n}"), lines);
    }

    [Fact]
    public async Task Who_is_listened_to_and_does_not_want_to_end_is_forced()
    {
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var stubborn = new Command("/bin/sh", "-c", Polite("echo no", "echo ready")).WithStop(Endless);
        var e = await Assert.ThrowsAsync<OperationCanceledException>(async () =>
        {
            await foreach (var one in stubborn.ListenAsync(null, LineEnding.NewLine, forceful.Token, graceful.Token))
            {
                await (
                    one switch
                    {
                        StandardOutputCommandEvent { Text: "ready" } => graceful.CancelAsync(),
                        StandardOutputCommandEvent { Text: "no" } => forceful.CancelAsync(),
                        _ => Task.CompletedTask,
                    }
                );
            }
        });
        Assert.Equal(forceful.Token, e.CancellationToken);
    }

    // The first says nothing, and is asked as StopOptions.Default; the second has its own signal.
    [Theory]
    [InlineData(Way.Run)]
    [InlineData(Way.RunAsync)]
    [InlineData(Way.CaptureAsync)]
    public async Task The_graceful_token_asks_everybody_of_a_pipeline(Way way)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var graceful = new CancellationTokenSource();
        var before = ProcessCounts.TakeBaseline();
        var pipeline =
            witness.Shell(Polite($"echo first > {directory["first"]}; exit 7"))
            | Reading(witness.Shell(Polite($"echo second > {directory["second"]}; exit 7", signal: "INT")))
                .WithStop(new StopOptions { Signal = Signal.SIGINT, Grace = Timeout.InfiniteTimeSpan });
        var run = Run(pipeline, way, CancellationToken.None, graceful.Token);
        witness.WaitForLines(2);
        await graceful.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(graceful.Token, e.CancellationToken);
        Assert.Equal("first\n", await File.ReadAllTextAsync(directory["first"], Token));
        Assert.Equal("second\n", await File.ReadAllTextAsync(directory["second"], Token));
        Leftovers.AssertNothingLeftSoon(before);
    }

    [Theory]
    [InlineData(Way.Run)]
    [InlineData(Way.RunAsync)]
    [InlineData(Way.CaptureAsync)]
    public async Task The_forceful_token_ends_the_grace_of_a_pipeline(Way way)
    {
        using var witness = new TreeWitness();
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var pipeline =
            witness.Shell(Polite("echo >&9")).WithStop(Endless)
            | Reading(witness.Shell(Polite("echo >&9"))).WithStop(Endless);
        var run = Run(pipeline, way, forceful.Token, graceful.Token);
        witness.WaitForLines(2);
        await graceful.CancelAsync();
        // Both were asked, and did not want to.
        witness.WaitForLines(2);
        Assert.False(run.IsCompleted);
        await forceful.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(forceful.Token, e.CancellationToken);
        witness.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(Way.Run)]
    [InlineData(Way.RunAsync)]
    [InlineData(Way.CaptureAsync)]
    public async Task The_forceful_token_alone_asks_nobody_of_a_pipeline(Way way)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var forceful = new CancellationTokenSource();
        var asked = Polite($"echo asked > {directory["asked"]}");
        var pipeline = witness.Shell(asked).WithStop(Endless) | Reading(witness.Shell(asked));
        var run = Run(pipeline, way, forceful.Token, CancellationToken.None);
        witness.WaitForLines(2);
        await forceful.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(forceful.Token, e.CancellationToken);
        witness.WaitUntilAllAreGone();
        Assert.False(File.Exists(directory["asked"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_running_pipeline_is_stopped_each_as_it_says(bool synchronous)
    {
        using var witness = new TreeWitness();
        var pipeline =
            witness.Shell(Polite("exit 7"))
            | Reading(witness.Shell(Polite("exit 8", signal: "INT")))
                .WithStop(new StopOptions { Signal = Signal.SIGINT });
        using var running = pipeline.Start(Token);
        witness.WaitForLines(2);
        var results = synchronous ? running.Stop() : await running.StopAsync();
        Assert.All(results, r => Assert.Equal(StopMeans.Gracefully, r.Means));
        Assert.Equal([7, 8], results.Select(r => r.Status.Code));
        Assert.Equal([7, 8], running.Wait(Token).Statuses.Select(s => s.Code));
        Assert.All(await running.StopAsync(), r => Assert.Equal(StopMeans.AlreadyEnded, r.Means));
    }

    [Fact]
    public async Task The_stop_of_a_pipeline_is_forced_by_its_token_or_refused_as_a_whole()
    {
        using var witness = new TreeWitness();
        var pipeline = witness.Shell(Polite(":")).WithProcessGroup() | Reading(witness.Shell(Polite(":")));
        using var running = pipeline.Start(Token);
        witness.WaitForLines(2);
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            running.StopAsync(new StopOptions { Reach = StopReach.ProcessGroup })
        );
        Assert.All(running.Children, c => Assert.False(c.HasExited));
        var results = await running.StopAsync(Endless, Forced);
        Assert.All(results, r => Assert.Equal((StopMeans.Forcefully, Signal.SIGKILL), (r.Means, r.Status.Signal)));
        witness.WaitUntilAllAreGone();
    }

    private static string Polite(string answer, string ready = "echo >&9", string signal = "TERM") =>
        $"trap '{answer}' {signal}; {ready}; while :; do sleep 0.02; done";

    // A shell in a pipeline that leaves the pipe alone.
    private static Command Reading(Command shell) => shell.WithDescriptor(0, Stdio.Inherit);

    private static Task Run(Pipeline pipeline, Way way, CancellationToken forceful, CancellationToken graceful) =>
        way switch
        {
            Way.Run => Task.Factory.StartNew(
                () => pipeline.Run(forceful, graceful),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            ),
            Way.RunAsync => pipeline.RunAsync(forceful, graceful),
            _ => pipeline.CaptureAsync(null, forceful, graceful),
        };
}
