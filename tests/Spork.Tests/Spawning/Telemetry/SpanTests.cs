using System.Diagnostics;

namespace Spork.Tests.Spawning.Telemetry;

/// <summary>One span for each process, whichever way it was started and however it ended.</summary>
public class SpanTests
{
    private static readonly Command True = new("true");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> WaysIn =>
        [
            "Run",
            "RunAsync",
            "Start",
            "StartAsync",
            "StartGated",
            "Run with streams",
            "RunAsync with streams",
            "Start with a pipe",
            "with a handle",
            "with a parent-death signal",
            "Capture",
            "CaptureAsync",
            "Shell",
            "ListenAsync",
            "Posix",
            "StartDetached",
            "with a cgroup of its own",
            "with a timeout",
            "a stop's run",
            "OpenPipe",
            "in a scope",
            "in a terminal",
        ];

    [Theory]
    [MemberData(nameof(WaysIn))]
    public async Task Each_way_in_has_exactly_one_span_below_the_callers(string way)
    {
        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn" && way is "StartGated" or "with a parent-death signal",
            "NOT TESTED: the span of this way in. The rung posix_spawn does not have it."
        );
        using var spans = new Spans();
        await EnterAsync(way);
        var span = spans.Single();
        Assert.Same(spans.Parent, Activity.Current);
        Assert.Equal(spans.Parent.SpanId, span.ParentSpanId);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(way is "Shell" ? "sh" : "true", span.DisplayName);
        Assert.Equal(span.DisplayName, Spans.Text(span, "process.executable.name"));
        Assert.Equal("0", Spans.Text(span, "process.exit.code"));
        Assert.True((int)span.GetTagItem("process.pid")! > 0);
        Assert.True((double)span.GetTagItem("spork.start.duration")! > 0);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Null(span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task Each_command_of_a_pipeline_has_its_span()
    {
        using var spans = new Spans();
        var pipeline = new Command("echo", "a") | new Command("cat") | new Command("wc", "-c");
        await pipeline.CaptureAsync(cancellationToken: Token);
        Assert.Equal(["cat", "echo", "wc"], spans.Ended.Select(s => s.DisplayName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_span_lasts_from_before_the_start_until_the_process_is_reaped()
    {
        using var spans = new Spans();
        var before = DateTime.UtcNow;
        using var child = new Command("cat").WithStandardInput(Stdio.Pipe).Start(Token);
        Assert.Same(spans.Parent, Activity.Current);
        Assert.Empty(spans.Ended);
        child.StandardInput.Close();
        child.Wait(Token);
        var span = spans.Single();
        Assert.InRange(span.StartTimeUtc, before, DateTime.UtcNow);
        Assert.True(span.Duration >= child.StartDuration);
    }

    [Fact]
    public async Task A_span_ends_before_the_wait_for_its_process_does()
    {
        for (var i = 0; i < 50; i++)
        {
            using var spans = new Spans();
            await True.RunAsync(Token);
            spans.Single();
        }
    }

    [Fact]
    public async Task A_child_that_nobody_waits_for_has_its_span_too()
    {
        using var spans = new Spans();
        True.Start(Token).Dispose();
        while (spans.Ended.Count == 0)
        {
            await Task.Delay(1, Token);
        }

        spans.Single();
    }

    [Fact]
    public void An_exit_code_that_is_no_success_is_an_error()
    {
        using var spans = new Spans();
        new Command("sh", "-c", "exit 3").Run(Token);
        var span = spans.Single();
        Assert.Equal(("3", "3"), (Spans.Text(span, "error.type"), Spans.Text(span, "process.exit.code")));
        Assert.Equal((ActivityStatusCode.Error, "exit code 3"), (span.Status, span.StatusDescription));
    }

    [Fact]
    public void A_death_by_signal_has_the_signal_and_no_exit_code()
    {
        using var spans = new Spans();
        new Command("sh", "-c", "kill -TERM $$").Run(Token);
        var span = spans.Single();
        Assert.Equal(("SIGTERM", "SIGTERM"), (Spans.Text(span, "error.type"), Spans.Text(span, "spork.exit.signal")));
        Assert.Null(span.GetTagItem("process.exit.code"));
        Assert.Null(span.GetTagItem("spork.killed"));
        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }

    [Fact]
    public async Task A_run_that_is_cancelled_says_that_spork_killed_it()
    {
        using var spans = new Spans();
        using var source = new CancellationTokenSource();
        var run = new Command("sleep", "100").RunAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        var span = spans.Single();
        Assert.Contains(Spans.Text(span, "error.type"), (string?[])["SIGKILL", "cancelled"]);
        Assert.True(Spans.Text(span, "error.type") == "cancelled" || (bool)span.GetTagItem("spork.killed")!);
    }

    [Fact]
    public async Task A_start_that_fails_has_step_subject_and_errno()
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: the step. posix_spawn only gives an errno.");
        var command = new Command("/bin/true", "a secret").WithWorkingDirectory("/no/such");
        await Check(() => Task.FromResult(command.Start(Token)));
        await Check(async () => await command.StartAsync(Token));
        await Check(async () => await command.RunAsync(Token));
        await Check(() => Task.FromResult(command.Run(Token)));
        await Check(() => Task.FromResult(command.StartGated().Release(Token)));
        await Check(() => Task.FromResult(command.WithStandardInput(Stdio.FromText("x")).Run(Token)));

        static async Task Check(Func<Task> start)
        {
            using var spans = new Spans();
            await Assert.ThrowsAsync<SpawnException>(start);
            var span = spans.Single();
            Assert.Equal("ENOENT", Spans.Text(span, "error.type"));
            Assert.Equal("chdir", Spans.Text(span, "spork.start.step"));
            Assert.Equal("/no/such", Spans.Text(span, "spork.start.subject"));
            Assert.Equal(SpawnLadder.Current, Spans.Text(span, "spork.start.via"));
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Null(span.GetTagItem("process.exit.code"));
            Assert.Same(spans.Parent, Activity.Current);
        }
    }

    [Fact]
    public async Task A_start_that_is_cancelled_says_so()
    {
        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn",
            "NOT TESTED: a cancelled start. posix_spawn goes on without its caller."
        );
        using var directory = new Support.TempDirectory();
        var fifo = Support.Fifo.Create(directory["fifo"]);
        using var spans = new Spans();
        using var source = new CancellationTokenSource();
        var start = True.WithStandardInput(Stdio.Read(fifo)).StartAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        Assert.Equal("cancelled", Spans.Text(spans.Single(), "error.type"));
    }

    [Fact]
    public void A_gate_that_is_never_opened_is_a_start_that_was_cancelled()
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: gates. This rung has none.");
        using var spans = new Spans();
        True.StartGated().Dispose();
        Assert.Equal("cancelled", Spans.Text(spans.Single(), "error.type"));
    }

    [Fact]
    public void Arguments_and_environment_are_not_recorded()
    {
        using var spans = new Spans();
        new Command("/bin/true", "--password=secret").WithEnvironmentVariable("TOKEN", "secret").Run(Token);
        var span = spans.Single();
        Assert.DoesNotContain(span.TagObjects, tag => Contains(tag.Value, "secret"));
        Assert.Equal("/bin/true", Spans.Text(span, "process.executable.path"));

        static bool Contains(object? value, string text) =>
            value is IEnumerable<string> list
                ? list.Any(s => s.Contains(text, StringComparison.Ordinal))
                : value?.ToString()!.Contains(text, StringComparison.Ordinal) == true;
    }

    [Fact]
    public void Arguments_are_recorded_when_that_is_asked_for()
    {
        using var spans = new Spans();
        SporkTelemetry.RecordArguments = true;
        try
        {
            new Command("true", "a", "b c").WithEnvironmentVariable("TOKEN", "secret").Run(Token);
        }
        finally
        {
            SporkTelemetry.RecordArguments = false;
        }

        Assert.Equal(["true", "a", "b c"], (string[])spans.Single().GetTagItem("process.command_args")!);
    }

    [Fact]
    public async Task A_caller_whose_own_span_has_been_stopped_keeps_it_current()
    {
        using var spans = new Spans();
        spans.Parent.Stop();
        var stopped = new Activity("stopped").Start();
        await Task.Run(stopped.Stop, Token);
        Assert.Same(stopped, Activity.Current);
        True.Run(Token);
        Assert.Same(stopped, Activity.Current);
    }

    [Fact]
    public async Task What_a_listener_throws_does_not_reach_the_command()
    {
        using var parent = new Activity("test").Start();
        var told = new List<Exception>();
        void Note(object? sender, UnhandledExceptionEventArgs e) => told.Add((Exception)e.ExceptionObject);
        SporkTelemetry.ListenerFailed += Note;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SporkTelemetry.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == parent.TraceId)
                {
                    throw new InvalidOperationException("a bad listener");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        try
        {
            Assert.True(True.Run(Token).IsSuccess);
            Assert.True((await True.RunAsync(Token)).IsSuccess);
            Assert.Throws<SpawnException>(() => new Command("/no/such").Start(Token));
        }
        finally
        {
            SporkTelemetry.ListenerFailed -= Note;
        }

        Assert.Equal(["a bad listener", "a bad listener", "a bad listener"], told.Select(e => e.Message));
        Assert.Same(parent, Activity.Current);
    }

    private static async Task EnterAsync(string way)
    {
        switch (way)
        {
            case "Run":
                True.Run(Token);
                break;
            case "RunAsync":
                await True.RunAsync(Token);
                break;
            case "Start":
                Wait(True.Start(Token));
                break;
            case "StartAsync":
                Wait(await True.StartAsync(Token));
                break;
            case "StartGated":
                Wait(True.StartGated().Release(Token));
                break;
            case "Run with streams":
                True.WithStandardInput(Stdio.FromText("x")).Run(Token);
                break;
            case "RunAsync with streams":
                await True.WithStandardOutput(Stdio.ToStream(new MemoryStream())).RunAsync(Token);
                break;
            case "Start with a pipe":
                Wait(True.WithStandardOutput(Stdio.Pipe).Start(Token));
                break;
            case "with a handle":
                using (var file = File.OpenHandle("/dev/null"))
                {
                    True.WithStandardInput(Stdio.FromHandle(file)).Run(Token);
                }

                break;
            case "with a parent-death signal":
                True.WithParentDeathSignal(Signal.SIGTERM).Run(Token);
                break;
            case "Capture":
                True.Capture(cancellationToken: Token);
                break;
            case "CaptureAsync":
                await True.CaptureAsync(cancellationToken: Token);
                break;
            case "Shell":
                Command.Shell("true").Run(Token);
                break;
            case "ListenAsync":
                await foreach (var _ in True.ListenAsync(cancellationToken: Token))
                {
                    // To the end.
                }

                break;
            case "Posix":
                Wait(Posix.SpawnP("true", null, null, ["true"], cancellationToken: Token));
                break;
            case "StartDetached":
                Wait(True.StartDetached(Token));
                break;
            case "with a cgroup of its own":
                Wait(await True.WithOwnCgroup(required: false).StartAsync(Token));
                break;
            case "with a timeout":
                await True.WithTimeout(TimeSpan.FromMinutes(1)).RunAsync(Token);
                break;
            case "a stop's run":
                True.WithStop(StopOptions.Default).Run(Token);
                break;
            case "OpenPipe":
                using (var pipe = True.OpenPipe(FileAccess.Read, Token))
                {
                    await new StreamReader(pipe).ReadToEndAsync(Token);
                    await pipe.CloseAndWaitAsync(Token);
                }

                break;
            case "in a scope":
                await using (var scope = new ProcessScope(cancellationToken: Token))
                {
                    Wait(scope.Start(True, Token));
                }

                break;
            case "in a terminal":
                Wait(True.StartInTerminal(cancellationToken: Token));
                break;
            default:
                Assert.Fail(way);
                break;
        }
    }

    private static void Wait(ChildProcess child)
    {
        using (child)
        {
            child.WaitAsync(Token).GetAwaiter().GetResult();
        }
    }
}
