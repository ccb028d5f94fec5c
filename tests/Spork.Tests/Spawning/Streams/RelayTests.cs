using System.Text;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Streams;

/// <summary>Texts, streams and delegates at our end of a pipe.</summary>
public class RelayTests
{
    private static readonly Command Cat = new("cat");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Command Shell(string script) => new("sh", "-c", script);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_text_goes_in_and_comes_out_as_text(bool synchronous)
    {
        var text = new StringBuilder();
        await Run(
            synchronous,
            Cat.WithStandardInput(Stdio.FromText("grüezi")).WithStandardOutput(Stdio.ToStringBuilder(text))
        );
        Assert.Equal("grüezi", text.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_goes_in_and_comes_out_as_a_stream(bool synchronous)
    {
        var bytes = new byte[3_000_001];
        Random.Shared.NextBytes(bytes);
        var target = new MemoryStream();
        var command = Cat.WithStandardInput(Stdio.FromStream(new MemoryStream(bytes)))
            .WithStandardOutput(Stdio.ToStream(target));
        await Run(synchronous, command);
        Assert.True(target.GetBuffer().AsSpan(0, (int)target.Length).SequenceEqual(bytes));
    }

    [Fact]
    public async Task A_producer_and_a_consumer_meet_through_a_program()
    {
        var sum = 0L;
        var command = Cat.WithStandardInput(
                Stdio.FromProducer(
                    async (input, token) =>
                    {
                        for (var i = 0; i < 100; i++)
                        {
                            await input.WriteAsync(new byte[10_000], token);
                        }
                    }
                )
            )
            .WithStandardOutput(
                Stdio.ToConsumer(
                    async (bytes, _) =>
                    {
                        await Task.Yield();
                        sum += bytes.Length;
                    }
                )
            );
        Assert.True((await command.RunAsync(Token)).IsSuccess);
        Assert.Equal(1_000_000, sum);
    }

    [Theory]
    [InlineData("one\\ntwo\\r\\n\\nlast", "one|two||last")]
    [InlineData("10%%\\r20%%\\r\\nend\\r", "10%\r20%|end\r")]
    [InlineData("\\357\\273\\277marked\\n", "marked")]
    [InlineData("", "")]
    [InlineData("\\n", "")]
    public async Task Lines_are_split_as_they_are_meant(string format, string expected)
    {
        var lines = new List<string>();
        await new Command("printf", format).WithStandardOutput(Stdio.ToLines(lines.Add)).RunAsync(Token);
        Assert.Equal(expected, string.Join('|', lines));
    }

    [Fact]
    public async Task A_character_torn_over_two_reads_is_one()
    {
        var lines = new List<string>();
        var command = Shell("printf '\\342'; sleep 0.05; printf '\\202'; sleep 0.05; printf '\\254\\n'");
        await command.WithStandardOutput(Stdio.ToLines(lines.Add)).RunAsync(Token);
        Assert.Equal(["€"], lines);
    }

    [Fact]
    public async Task A_line_without_an_end_does_not_fill_memory()
    {
        var endless = Shell("exec tr -d '\\n' < /dev/zero");
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            endless.WithStandardOutput(Stdio.ToLines((_, _) => default, maximumLength: 100_000)).RunAsync(Token)
        );
        using var child = endless.WithStandardOutput(Stdio.Pipe).Start(Token);
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (
                var _ in child.StandardOutput.ReadLinesAsync(maximumLength: 100_000, cancellationToken: Token)
            ) { }
        });
        child.Kill();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_delegate_throws_reaches_the_caller_and_the_program_is_gone(bool synchronous)
    {
        var consumer = new Command("yes").WithStandardOutput(
            Stdio.ToConsumer((_, _) => throw new NotFiniteNumberException())
        );
        var producer = new Command("sleep", "60").WithStandardInput(
            Stdio.FromProducer((_, _) => throw new NotFiniteNumberException())
        );
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        Leftovers.AssertNothingLeftSoon(before);

        async Task Once()
        {
            await Assert.ThrowsAsync<NotFiniteNumberException>(() => Run(synchronous, consumer));
            await Assert.ThrowsAsync<NotFiniteNumberException>(() => Run(synchronous, producer));
        }
    }

    [Fact]
    public async Task After_a_plain_start_a_failure_is_in_StreamsEnded()
    {
        using var child = new Command("yes")
            .WithStandardOutput(Stdio.ToConsumer((_, _) => throw new NotFiniteNumberException()))
            .Start(Token);
        await Assert.ThrowsAsync<NotFiniteNumberException>(() => child.StreamsEnded);
        Assert.NotNull((await child.WaitAsync(Token)).Signal);
    }

    [Fact]
    public async Task A_source_without_an_end_ends_with_the_program()
    {
        using var zeros = File.OpenRead("/dev/zero");
        var output = await new Command("head", "-c", "1000000")
            .WithStandardInput(Stdio.FromStream(zeros))
            .CaptureAsync(cancellationToken: Token);
        Assert.Equal(1_000_000, output.StandardOutput.TotalBytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_source_that_never_comes_and_does_not_listen_does_not_hold_a_run_up(bool synchronous)
    {
        var never = new TaskCompletionSource();
        var stuck = Stdio.FromProducer((_, _) => never.Task);
        Assert.True((await Run(synchronous, new Command("true").WithStandardInput(stuck))).IsSuccess);
        never.SetResult();
    }

    [Fact]
    public async Task Relays_of_a_program_that_has_ended_before_they_begin_end_as_well()
    {
        var never = new TaskCompletionSource();
        var text = new StringBuilder();
        var command = Shell("echo quick")
            .WithStandardInput(Stdio.FromProducer((_, _) => never.Task))
            .WithStandardOutput(Stdio.ToStringBuilder(text));
        using var setup = StreamSetup.Open(command, StreamArguments.None);
        using var child = setup.Command.Start(Token);
        child.Wait(Token);
        setup.HandOver(child);
        await child.StreamsEnded;
        Assert.Equal("quick\n", text.ToString());
        never.SetResult();
    }

    [Fact]
    public async Task A_consumer_that_never_comes_back_bounds_memory_and_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var first = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        var seen = 0L;
        var run = new Command("yes")
            .WithStandardOutput(
                Stdio.ToConsumer(
                    async (bytes, _) =>
                    {
                        seen += bytes.Length;
                        first.TrySetResult();
                        await never.Task;
                    }
                )
            )
            .RunAsync(cancellation.Token);
        await first.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.InRange(seen, 1, 1 << 20);
        never.SetResult();
    }

    [Fact]
    public async Task Everything_reaches_a_slow_consumer_although_the_program_has_long_ended()
    {
        var seen = 0;
        var status = await Shell("head -c 60000 /dev/zero")
            .WithDrainGrace(TimeSpan.Zero)
            .WithStandardOutput(
                Stdio.ToConsumer(
                    async (bytes, token) =>
                    {
                        await Task.Delay(100, token);
                        seen += bytes.Length;
                    }
                )
            )
            .RunAsync(Token);
        Assert.Equal(60_000, seen);
        Assert.False(status.StreamsCutOff);
    }

    [Fact]
    public async Task Run_says_when_it_left_a_descendant_s_output_behind()
    {
        using var directory = new TempDirectory();
        var text = new StringBuilder();
        var status = await Shell($"echo before; sleep 60 & echo $! > {directory["pid"]}")
            .WithDrainGrace(TimeSpan.FromMilliseconds(20))
            .WithStandardOutput(Stdio.ToStringBuilder(text))
            .RunAsync(Token);
        Assert.True(status.StreamsCutOff);
        Assert.Equal("before\n", text.ToString());
        using var descendant = PidFd.Open(int.Parse(await File.ReadAllTextAsync(directory["pid"], Token)));
        descendant.Kill();
    }

    [Fact]
    public async Task One_relay_behind_two_numbers_is_one_pipe_in_order()
    {
        var text = new StringBuilder();
        var both = Stdio.ToStringBuilder(text);
        await Shell("for i in 1 2 3 4; do echo $i; echo -$i >&2; done")
            .WithStandardOutput(both)
            .WithStandardError(both)
            .RunAsync(Token);
        Assert.Equal("1\n-1\n2\n-2\n3\n-3\n4\n-4\n", text.ToString());
    }

    [Fact]
    public async Task One_target_is_not_shared_by_two_starts_at_once()
    {
        var command = Cat.WithStandardInput(Stdio.Pipe).WithStandardOutput(Stdio.ToStringBuilder(new StringBuilder()));
        using (var first = command.Start(Token))
        {
            var failure = Assert.Throws<InvalidOperationException>(() => command.Start(Token));
            Assert.Contains("in use by another start", failure.Message, StringComparison.Ordinal);
            first.StandardInput.Close();
            await first.StreamsEnded;
        }

        using var again = command.Start(Token);
        again.StandardInput.Close();
        await again.StreamsEnded;
    }

    [Fact]
    public async Task A_tee_writes_to_every_target()
    {
        using var directory = new TempDirectory();
        var text = new StringBuilder();
        var lines = new List<string>();
        using var handle = File.OpenHandle(directory["handle"], FileMode.Create, FileAccess.Write);
        await Shell("seq 1 100000")
            .WithStandardOutput(
                Stdio.Tee(
                    Stdio.ToStringBuilder(text),
                    Stdio.ToLines(lines.Add),
                    Stdio.Write(directory["file"]),
                    Stdio.FromHandle(handle)
                )
            )
            .RunAsync(Token);
        var expected = string.Concat(Enumerable.Range(1, 100_000).Select(i => $"{i}\n"));
        Assert.Equal(expected, text.ToString());
        Assert.Equal(100_000, lines.Count);
        Assert.Equal(expected, File.ReadAllText(directory["file"]));
        Assert.Equal(expected, File.ReadAllText(directory["handle"]));
    }

    [Fact]
    public async Task A_target_of_a_tee_that_fails_is_told_and_the_others_keep_what_came()
    {
        var text = new StringBuilder();
        var command = new Command("yes").WithStandardOutput(
            Stdio.Tee(Stdio.ToConsumer((_, _) => throw new NotFiniteNumberException()), Stdio.ToStringBuilder(text))
        );
        await Assert.ThrowsAsync<NotFiniteNumberException>(() => command.RunAsync(Token));
        Assert.StartsWith("y\ny\n", text.ToString(), StringComparison.Ordinal);

        if (File.Exists("/dev/full"))
        {
            var full = new Command("yes").WithStandardOutput(Stdio.Tee(Stdio.Append("/dev/full")));
            Assert.Equal(
                Errno.ENOSPC,
                (await Assert.ThrowsAsync<SystemCallException>(() => full.RunAsync(Token))).Errno
            );
        }
    }

    [Fact]
    public void A_tee_refuses_what_it_cannot_write_to()
    {
        Assert.Throws<ArgumentException>(() => Stdio.Tee());
        Assert.Throws<ArgumentException>(() => Stdio.Tee(Stdio.Pipe));
        Assert.Throws<ArgumentException>(() => Stdio.Tee(Stdio.Closed));
        Assert.Throws<ArgumentException>(() => Stdio.Tee(Stdio.Read("/dev/null")));
        Assert.Throws<ArgumentException>(() => Stdio.Tee(Stdio.FromText("x")));
        Assert.Throws<ArgumentException>(() => Stdio.ToStream(new MemoryStream([], writable: false)));
    }

    [Fact]
    public void A_file_of_a_tee_that_cannot_be_opened_fails_the_start()
    {
        var command = new Command("true").WithStandardOutput(
            Stdio.Tee(Stdio.ToStringBuilder(new StringBuilder()), Stdio.Write("/no/such/file"))
        );
        Once();
        var before = ProcessCounts.TakeBaseline();
        Once();
        Leftovers.AssertNothingLeftSoon(before);

        void Once()
        {
            var failure = Assert.Throws<SpawnException>(() => command.Run(Token));
            Assert.Equal(("open", Errno.ENOENT), (failure.Step, failure.Errno));
        }
    }

    [Fact]
    public async Task Relays_leave_nothing_behind()
    {
        await Once();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 200; i++)
        {
            await Once();
        }

        Leftovers.AssertNothingLeftSoon(before, 200);

        static Task<ExitStatus> Once() =>
            Cat.WithStandardInput(Stdio.FromText("x"))
                .WithStandardOutput(Stdio.ToLines(l => Assert.Equal("x", l)))
                .RunAsync(Token);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(24)]
    [InlineData(25)]
    public async Task A_run_of_relays_can_be_cancelled_at_any_phase(int seed)
    {
        var random = new Random(seed);
        // To its end: cancelled on a loaded machine, it left the library's own thread to the next one, as a leak.
        await Once(TimeSpan.FromMinutes(1));
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 30; i++)
        {
            await Once(TimeSpan.FromMicroseconds(random.Next(0, 8000)));
        }

        Leftovers.AssertNothingLeftSoon(before);

        static async Task Once(TimeSpan after)
        {
            using var cancellation = new CancellationTokenSource(after);
            try
            {
                await Shell("cat; sleep 0.005")
                    .WithStandardInput(Stdio.FromBytes(new byte[200_000]))
                    .WithStandardOutput(Stdio.ToConsumer((_, token) => new(Task.Delay(1, token))))
                    .RunAsync(cancellation.Token);
            }
            catch (OperationCanceledException e)
            {
                Assert.Equal(cancellation.Token, e.CancellationToken);
            }
        }
    }

    private static async Task<ExitStatus> Run(bool synchronous, Command command) =>
        synchronous ? command.Run(Token) : await command.RunAsync(Token);
}
