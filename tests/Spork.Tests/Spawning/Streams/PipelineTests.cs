using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Streams;

/// <summary>Commands whose output is the next one's input.</summary>
public class PipelineTests
{
    private static readonly Command Cat = new("cat");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Command Shell(string script) => new("sh", "-c", script);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_goes_through_several_programs_into_a_stream(bool synchronous)
    {
        var target = new MemoryStream();
        var pipeline = Stdio.FromText("b\na\nb\n") | new Command("sort") | new Command("uniq") | Stdio.ToStream(target);
        var status = synchronous ? pipeline.Run(Token) : await pipeline.RunAsync(Token);
        Assert.True(status.IsSuccess);
        Assert.Equal("a\nb\n", Encoding.UTF8.GetString(target.ToArray()));
        Assert.Equal("sort | uniq", pipeline.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_writer_that_its_reader_left_ends_by_SIGPIPE_and_is_no_failure(bool synchronous)
    {
        var pipeline = new Command("yes") | new Command("head", "-n", "3");
        var output = synchronous
            ? pipeline.Capture(cancellationToken: Token)
            : await pipeline.CaptureAsync(cancellationToken: Token);
        Assert.Equal("y\ny\ny\n", output.EnsureSuccess().StandardOutput.Text);
        Assert.Equal(Signal.SIGPIPE, output.Status.Statuses[0].Signal);
        Assert.True(output.Status.Last.IsSuccess);
        // As in a shell.
        Assert.Equal(141, output.Status.PipeFail.ShellCode);
    }

    [Fact]
    public void Every_status_is_there_and_so_is_the_first_failure()
    {
        var output = (Shell("echo a >&2; exit 0") | Shell("echo b >&2; exit 4") | Shell("exit 5") | Cat).Capture(
            cancellationToken: Token
        );
        Assert.Equal([0, 4, 5, 0], output.Status.Statuses.Select(s => s.Code));
        Assert.Equal((1, 5, 0), (output.Status.FirstFailure, output.Status.PipeFail.Code, output.Status.Last.Code));
        Assert.False(output.Status.IsSuccess);
        Assert.Equal(["a\n", "b\n", "", ""], output.StandardErrors.Select(e => e.Text));
        Assert.Equal(
            "'sh' ended with exit code 4:\nb",
            Assert.Throws<CommandFailedException>(() => output.EnsureSuccess()).Message
        );
    }

    [Fact]
    public void Both_outputs_of_a_command_can_go_to_the_next()
    {
        var output = (Shell("echo 1; echo 2 >&2").WithStandardError(Stdio.SameAs(1)) | Cat).Capture(
            cancellationToken: Token
        );
        Assert.Equal("1\n2\n", output.StandardOutput.Text);
    }

    [Fact]
    public async Task Both_ends_can_be_pipes_to_the_caller()
    {
        using var running = (Stdio.Pipe | (Cat | Cat | Cat) | Stdio.Pipe).Start(Token);
        await running.StandardInput.WriteAsync("through three"u8.ToArray(), Token);
        running.StandardInput.Close();
        Assert.Equal("through three", await running.StandardOutput.ReadToEndAsync(cancellationToken: Token));
        Assert.True((await running.WaitAsync(Token)).IsSuccess);
        Assert.Equal(3, running.Children.Count);
    }

    [Fact]
    public void Two_things_at_one_end_are_refused()
    {
        var failure = Assert.Throws<InvalidOperationException>(() => Cat.WithStandardOutput(Stdio.Null) | Cat);
        Assert.Contains("The standard output of 'cat' is /dev/null", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => Cat | Cat.WithStandardInput(Stdio.FromText("x")));
        Assert.Throws<InvalidOperationException>(() => (Cat | Cat | Stdio.Null) | Cat);
        Assert.Throws<InvalidOperationException>(() => (Stdio.Pipe | (Cat | Cat)).Run(Token));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public async Task A_command_that_cannot_be_started_leaves_none_of_the_others(bool synchronous, int which)
    {
        var commands = Enumerable
            .Range(0, 3)
            .Select(i => i == which ? new Command("/no/such/program") : new Command("sleep", "60"))
            .ToArray();
        var pipeline = Stdio.FromText("x") | (commands[0] | commands[1] | commands[2]);
        await Once();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 10; i++)
        {
            await Once();
        }

        Leftovers.AssertNothingLeftSoon(before);

        async Task Once()
        {
            var failure = await Assert.ThrowsAsync<SpawnException>(async () =>
                _ = synchronous ? pipeline.Run(Token) : await pipeline.RunAsync(Token)
            );
            Assert.Equal("/no/such/program", failure.Program);
        }
    }

    /// <summary>
    /// Else their pipes are closed some time after the exception. The source never listens: it is left behind, but its
    /// pipe is not.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_a_command_cannot_be_started_the_pipes_of_the_others_are_closed(bool synchronous)
    {
        var released = new TaskCompletionSource();
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        var after = ProcessCounts.Take();
        released.SetResult();
        Assert.Equal(before.Descriptors.OrderBy(d => d.Key), after.Descriptors.OrderBy(d => d.Key));

        async Task Once()
        {
            var pipeline =
                Stdio.FromProducer((_, _) => released.Task)
                | (new Command("sleep", "60") | new Command("/no/such/program"));
            await Assert.ThrowsAsync<SpawnException>(async () =>
                _ = synchronous ? pipeline.Run(Token) : await pipeline.RunAsync(Token)
            );
        }
    }

    /// <summary>
    /// A number closed twice is somebody else's the second time. Files opened meanwhile, at the numbers that have just
    /// become free, must stay what they are.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Deadline(seconds: 120)]
    public async Task Pipelines_that_fail_close_no_descriptor_of_anybody_else(int which)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory["file"], "x");
        var commands = Enumerable
            .Range(0, 3)
            .Select(i => i == which ? new Command("/no/such/program") : new Command("sleep", "60"))
            .ToArray();
        var over = false;
        var opening = Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(Open, TaskCreationOptions.LongRunning));
        var openers = opening.ToArray();
        var rounds = Environment.GetEnvironmentVariable("SPORK_SOAK") == "1" ? 3000 : 100;
        try
        {
            for (var i = 0; i < rounds; i++)
            {
                var pipeline = Stdio.FromText("x") | (commands[0] | commands[1] | commands[2]);
                await Assert.ThrowsAsync<SpawnException>(async () =>
                    _ = i % 2 == 0 ? pipeline.Run(Token) : await pipeline.RunAsync(Token)
                );
            }
        }
        finally
        {
            Volatile.Write(ref over, true);
        }

        await Task.WhenAll(openers);

        void Open()
        {
            var held = new Queue<FileStream>();
            while (!Volatile.Read(ref over))
            {
                held.Enqueue(new FileStream(directory["file"], FileMode.Open, FileAccess.Read, FileShare.Read, 0));
                if (held.Count < 20)
                {
                    continue;
                }

                // Closed by somebody, it is another file's by now, or nobody's.
                using var oldest = held.Dequeue();
                var number = oldest.SafeFileHandle.DangerousGetHandle();
                Assert.Equal(directory["file"], new FileInfo($"/proc/self/fd/{number}").LinkTarget);
                Thread.Yield();
            }

            while (held.TryDequeue(out var left))
            {
                var number = left.SafeFileHandle.DangerousGetHandle();
                Assert.Equal(directory["file"], new FileInfo($"/proc/self/fd/{number}").LinkTarget);
                left.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_kills_them_all(bool synchronous)
    {
        var pipeline = new Command("sleep", "60") | Cat | new Command("sleep", "60");
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        Leftovers.AssertNothingLeftSoon(before);

        async Task Once()
        {
            using var cancellation = new CancellationTokenSource(50);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                _ = synchronous
                    ? pipeline.Capture(cancellationToken: cancellation.Token).Status
                    : await pipeline.RunAsync(cancellation.Token)
            );
        }
    }

    [Fact]
    public async Task A_relay_that_fails_ends_them_all()
    {
        var pipeline =
            new Command("sleep", "60")
            | Shell("echo; exec sleep 60")
            | Stdio.ToLines(_ => throw new NotFiniteNumberException());
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        Leftovers.AssertNothingLeftSoon(before);

        async Task Once() => await Assert.ThrowsAsync<NotFiniteNumberException>(() => pipeline.RunAsync(Token));
    }

    [Fact]
    public async Task A_pipeline_can_be_run_often_and_at_once()
    {
        var pipeline = Stdio.FromText("one\ntwo\n") | Cat | new Command("tail", "-n", "1");
        await pipeline.CaptureAsync(cancellationToken: Token);
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 10; i++)
        {
            var outputs = await Task.WhenAll(
                Enumerable.Range(0, 8).Select(_ => pipeline.CaptureAsync(cancellationToken: Token))
            );
            Assert.All(outputs, o => Assert.Equal("two\n", o.StandardOutput.Text));
        }

        Leftovers.AssertNothingLeftSoon(before);
    }

    [Fact]
    public async Task Events_tell_a_program_s_life()
    {
        var events = new List<CommandEvent>();
        await foreach (var e in Shell("echo out; echo err >&2; exit 3").ListenAsync(cancellationToken: Token))
        {
            events.Add(e);
        }

        Assert.IsType<StartedCommandEvent>(events[0]);
        Assert.Contains(new StandardOutputCommandEvent("out"), events);
        Assert.Contains(new StandardErrorCommandEvent("err"), events);
        Assert.Equal(3, Assert.IsType<ExitedCommandEvent>(events[^1]).Status.Code);
        Assert.Equal(4, events.Count);
    }

    [Fact]
    public async Task Leaving_the_loop_of_events_ends_the_program()
    {
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        Leftovers.AssertNothingLeftSoon(before);

        using var cancellation = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in new Command("sleep", "60").ListenAsync(cancellationToken: cancellation.Token)) { }
        });

        static async Task Once()
        {
            var seen = 0;
            await foreach (var e in new Command("yes").ListenAsync(cancellationToken: Token))
            {
                if (++seen == 1000)
                {
                    break;
                }
            }
        }
    }
}
