using System.IO.Pipes;
using Spork.Linux;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Streams;

/// <summary>Delegates and targets that throw where they should not, block, or never come back.</summary>
public class StubbornRelayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Command Shell(string script) => new("sh", "-c", script);

    [Fact]
    public async Task A_callback_that_throws_at_cancellation_does_not_reach_who_cancels()
    {
        var registered = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        var run = Shell("echo x; exec sleep 60")
            .WithStandardInput(Stdio.FromProducer(static (_, token) => Task.Delay(Timeout.Infinite, token)))
            .WithStandardOutput(
                Stdio.ToConsumer(
                    async (_, token) =>
                    {
                        token.Register(static () => throw new NotFiniteNumberException());
                        registered.SetResult();
                        await Task.Delay(Timeout.Infinite, token);
                    }
                )
            )
            .RunAsync(cancellation.Token);
        await registered.Task.WaitAsync(Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_that_throws_is_a_failure_of_its_relay(bool input)
    {
        var registered = new TaskCompletionSource();
        var stdio = input
            ? Stdio.FromProducer((_, token) => UntilStopped(token))
            : Stdio.ToConsumer((_, token) => new ValueTask(UntilStopped(token)));
        var child = Shell("echo x; exec sleep 60").WithDescriptor(input ? 0 : 1, stdio).Start(Token);
        await registered.Task.WaitAsync(Token);
        if (input)
        {
            // The program's end stops a source.
            child.Kill();
        }
        else
        {
            child.Dispose();
        }

        await Assert.ThrowsAsync<NotFiniteNumberException>(() => child.StreamsEnded.WaitAsync(Token));
        child.Kill();
        child.Dispose();

        async Task UntilStopped(CancellationToken token)
        {
            token.Register(static () => throw new NotFiniteNumberException());
            registered.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Theory]
    [InlineData("consumer")]
    [InlineData("lines")]
    [InlineData("producer")]
    [InlineData("tee")]
    public async Task What_blocks_its_thread_cannot_hold_a_cancellation_up(string what)
    {
        using var release = new ManualResetEventSlim();
        using var blocked = new SemaphoreSlim(0);
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        var lines = 0;
        var room = (int)Sys.Call(Syscall.fcntl, pipe.SafePipeHandle.DangerousGetHandle(), Fcntl.F_SETPIPE_SZ, 4096) / 2;
        var command = what switch
        {
            "consumer" => new Command("yes").WithStandardOutput(
                Stdio.ToConsumer(
                    (_, _) =>
                    {
                        Block();
                        return default;
                    }
                )
            ),
            "lines" => new Command("yes").WithStandardOutput(Stdio.ToLines(_ => Block())),
            "producer" => new Command("sleep", "60").WithStandardInput(
                Stdio.FromProducer(
                    (_, _) =>
                    {
                        Block();
                        return Task.CompletedTask;
                    }
                )
            ),
            // Nobody reads that pipe, and a handle of somebody else's may block: on the piece that has the first line more
            // than it holds.
            _ => new Command("yes").WithStandardOutput(
                Stdio.Tee(
                    Stdio.ToLines(_ =>
                    {
                        if (++lines == room + 1)
                        {
                            blocked.Release();
                        }
                    }),
                    Stdio.FromHandle(pipe.SafePipeHandle)
                )
            ),
        };
        using var cancellation = new CancellationTokenSource();
        var run = command.RunAsync(cancellation.Token);
        await blocked.WaitAsync(Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), Token));
        release.Set();

        void Block()
        {
            blocked.Release();
            release.Wait(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_callback_that_blocks_cannot_hold_a_cancellation_up()
    {
        using var release = new ManualResetEventSlim();
        var registered = new TaskCompletionSource();
        var child = Shell("echo x; exec sleep 60")
            .WithStandardOutput(
                Stdio.ToConsumer(
                    async (_, token) =>
                    {
                        token.Register(() => release.Wait(CancellationToken.None));
                        registered.SetResult();
                        await Task.Delay(Timeout.Infinite, token);
                    }
                )
            )
            .Start(Token);
        await registered.Task.WaitAsync(Token);
        await Task.Run(child.Dispose, Token).WaitAsync(TimeSpan.FromSeconds(20), Token);
        await child.StreamsEnded.WaitAsync(TimeSpan.FromSeconds(20), Token);
        release.Set();
        child.Kill();
    }

    [Fact]
    public async Task A_FIFO_of_a_tee_that_nobody_reads_holds_up_neither_the_start_nor_a_cancellation()
    {
        using var directory = new TempDirectory();
        var command = new Command("yes").WithStandardOutput(Stdio.Tee(Stdio.Write(Fifo.Create(directory["fifo"]))));
        var before = ProcessCounts.TakeBaseline();
        using var cancellation = new CancellationTokenSource();
        var run = Task.Run(() => command.StartAsync(cancellation.Token).AsTask(), Token);
        using (var child = await run.WaitAsync(TimeSpan.FromSeconds(20), Token))
        {
            await Assert.ThrowsAsync<TimeoutException>(() =>
                child.StreamsEnded.WaitAsync(TimeSpan.FromMilliseconds(200), Token)
            );
            child.Kill();
        }

        Leftovers.AssertNothingLeftSoon(before);
    }

    [Fact]
    public async Task A_FIFO_of_a_tee_gets_everything_once_somebody_reads_it()
    {
        using var directory = new TempDirectory();
        var path = Fifo.Create(directory["fifo"]);
        var run = Task.Run(
            () => new Command("seq", "20000").WithStandardOutput(Stdio.Tee(Stdio.Write(path))).RunAsync(Token),
            Token
        );
        var text = await new Command("cat", path).CaptureAsync(cancellationToken: Token);
        Assert.True((await run).IsSuccess);
        Assert.Equal(string.Concat(Enumerable.Range(1, 20000).Select(i => $"{i}\n")), text.StandardOutput.Text);
    }

    [Fact]
    public async Task What_a_relay_left_behind_throws_later_is_not_unobserved()
    {
        var unobserved = new List<Exception>();
        void Note(object? _, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.InnerExceptions.Any(i => i is NotFiniteNumberException))
            {
                lock (unobserved)
                {
                    unobserved.Add(e.Exception);
                }
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            await LeaveBehindAsync();
            for (var i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Empty(unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }

        static async Task LeaveBehindAsync()
        {
            var release = new TaskCompletionSource();
            var thrown = new TaskCompletionSource();
            using var cancellation = new CancellationTokenSource();
            var entered = new TaskCompletionSource();
            var run = new Command("yes")
                .WithStandardOutput(
                    Stdio.ToConsumer(
                        async (_, _) =>
                        {
                            entered.SetResult();
                            await release.Task;
                            try
                            {
                                throw new NotFiniteNumberException();
                            }
                            finally
                            {
                                thrown.SetResult();
                            }
                        }
                    )
                )
                .RunAsync(cancellation.Token);
            await entered.Task.WaitAsync(Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            release.SetResult();
            await thrown.Task;
        }
    }

    [Fact]
    public async Task A_relay_that_fails_is_not_waited_for_by_one_whose_pipe_a_descendant_holds()
    {
        // The descendant has only standard error, which nobody would see end before the grace.
        using var directory = new TempDirectory();
        var path = directory["pid"];
        var run = Shell($"sleep 300 >/dev/null </dev/null & echo $! > '{path}'; echo x; exec sleep 300")
            .WithDrainGrace(Timeout.InfiniteTimeSpan)
            .WithStandardOutput(Stdio.ToConsumer((_, _) => throw new NotFiniteNumberException()))
            .WithStandardError(Stdio.ToStream(new MemoryStream()))
            .RunAsync(Token);
        try
        {
            await Assert.ThrowsAsync<NotFiniteNumberException>(() => run.WaitAsync(TimeSpan.FromSeconds(20), Token));
        }
        finally
        {
            using var descendant = System.Diagnostics.Process.GetProcessById(
                int.Parse(await File.ReadAllTextAsync(path, Token), System.Globalization.CultureInfo.InvariantCulture)
            );
            descendant.Kill();
        }
    }

    [Fact]
    public async Task A_producer_without_a_task_is_told_so()
    {
        Task? none = null;
        var command = new Command("cat").WithStandardInput(Stdio.FromProducer((_, _) => none!));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => command.RunAsync(Token));
        Assert.Contains("returned null", failure.Message, StringComparison.Ordinal);
    }
}
