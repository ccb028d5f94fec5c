using System.IO.Pipes;
using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Streams;

/// <summary>Running a program to its end and keeping what it wrote, on the caller's thread and without one.</summary>
public class CaptureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static Command Shell(string script) => new("sh", "-c", script);

    // Each test both ways.
    private static async Task<CommandOutput> Run(bool synchronous, Command command, CaptureOptions? options = null) =>
        synchronous ? command.Capture(options, Token) : await command.CaptureAsync(options, Token);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_streams_and_the_status_are_there(bool synchronous)
    {
        var output = await Run(synchronous, Shell("echo out; echo err >&2; exit 3"));
        Assert.Equal(
            ("out\n", "err\n", 3),
            (output.StandardOutput.Text, output.StandardError.Text, output.Status.Code)
        );
        Assert.Equal(["out"], output.StandardOutput.Lines);
        Assert.False(output.StandardOutput.IsTruncated);
        Assert.False(output.Status.StreamsCutOff);
        var failure = Assert.Throws<CommandFailedException>(() => output.EnsureSuccess());
        Assert.Equal("'sh' ended with exit code 3:\nerr", failure.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Neither_stream_can_block_the_other(bool synchronous)
    {
        var script = "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero";
        var output = await Run(synchronous, Shell(script));
        Assert.Equal((600_000, 300_000), (output.StandardOutput.TotalBytes, output.StandardError.TotalBytes));
        Assert.Equal(600_000, output.StandardOutput.Bytes.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Input_and_output_larger_than_any_pipe_go_through_together(bool synchronous)
    {
        var input = new byte[5_000_003];
        Random.Shared.NextBytes(input);
        var output = await Run(synchronous, new Command("cat").WithStandardInput(Stdio.FromBytes(input)));
        Assert.True(output.StandardOutput.Bytes.Span.SequenceEqual(input));
        Assert.Equal(input.Length, output.StandardOutput.Sequence.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Input_that_the_program_does_not_read_is_no_error(bool synchronous)
    {
        var input = Stdio.FromBytes(new byte[1_000_000]);
        Assert.Equal("", (await Run(synchronous, new Command("true").WithStandardInput(input))).StandardOutput.Text);
        var output = await Run(synchronous, Shell("exec 0<&-; sleep 0.05; echo on").WithStandardInput(input));
        Assert.Equal("on\n", output.StandardOutput.Text);
    }

    [Theory]
    [InlineData(true, CaptureOverflow.Head, "abcde")]
    [InlineData(false, CaptureOverflow.Head, "abcde")]
    [InlineData(true, CaptureOverflow.Tail, "vwxyz")]
    [InlineData(false, CaptureOverflow.Tail, "vwxyz")]
    public async Task What_is_kept_at_the_limit_is_the_caller_s_choice(
        bool synchronous,
        CaptureOverflow overflow,
        string kept
    )
    {
        var options = new CaptureOptions { Limit = 5, Overflow = overflow };
        var output = await Run(synchronous, Shell("printf abcdefgh; sleep 0.02; printf ijklmnopqrstuvwxyz"), options);
        Assert.Equal((kept, 26), (output.StandardOutput.Text, output.StandardOutput.TotalBytes));
        Assert.True(output.StandardOutput.IsTruncated);
        Assert.True(output.Status.IsSuccess);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_limit_can_be_an_error_that_kills_the_program(bool synchronous)
    {
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        Leftovers.AssertNothingLeftSoon(before);

        async Task Once()
        {
            var failure = await Assert.ThrowsAsync<CaptureLimitException>(() =>
                Run(synchronous, new Command("yes"), new CaptureOptions { Limit = 1_000_000 })
            );
            Assert.Equal(("yes", 1_000_000), (failure.Program, failure.Limit));
        }
    }

    [Theory]
    [InlineData(true, CaptureOverflow.Head)]
    [InlineData(false, CaptureOverflow.Head)]
    [InlineData(true, CaptureOverflow.Tail)]
    [InlineData(false, CaptureOverflow.Tail)]
    public async Task Memory_stays_bounded_whatever_a_program_writes(bool synchronous, CaptureOverflow overflow)
    {
        var options = new CaptureOptions { Limit = 3_000_000, Overflow = overflow };
        var output = await Run(synchronous, Shell("yes | head -c 200000000"), options);
        Assert.Equal((200_000_000, 3_000_000), (output.StandardOutput.TotalBytes, output.StandardOutput.Bytes.Length));
        Assert.Equal(
            (byte)(overflow == CaptureOverflow.Head ? 'y' : '\n'),
            output.StandardOutput.Bytes.Span[overflow == CaptureOverflow.Head ? 0 : ^1]
        );
        GC.Collect();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true), 0, 150_000_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_descendant_that_keeps_the_pipe_is_waited_for_no_longer_than_the_grace(bool synchronous)
    {
        using var directory = new TempDirectory();
        var script = $"echo early; sleep 60 & echo $! > {directory["pid"]}; echo late";
        var command = Shell(script).WithDrainGrace(TimeSpan.FromMilliseconds(100));
        var output = await Run(synchronous, command);
        Assert.Equal("early\nlate\n", output.StandardOutput.Text);
        Assert.True(output.Status.StreamsCutOff);
        Assert.InRange(output.Status.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Kill(directory["pid"]);

        output = await Run(synchronous, command.WithDrainGrace(TimeSpan.Zero));
        Assert.Equal("early\nlate\n", output.StandardOutput.Text);
        Kill(directory["pid"]);

        // One that ends in time is waited for.
        output = await Run(
            synchronous,
            Shell("(sleep 0.2; echo after) & echo before").WithDrainGrace(Timeout.InfiniteTimeSpan)
        );
        Assert.Equal("before\nafter\n", output.StandardOutput.Text);
        Assert.False(output.Status.StreamsCutOff);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_descendant_that_writes_for_ever_ends_with_the_grace_too(bool synchronous)
    {
        // The shell ends only when its descendant has written more than is kept, and writes on: traced, a program
        // needs longer than the grace to begin.
        const string Script = "exec 4>&1; : $({ head -c 2000 /dev/zero >&4; exec yes >&4 4>&-; } &)";
        var output = await Run(
            synchronous,
            Shell(Script).WithDrainGrace(TimeSpan.FromMilliseconds(50)),
            new CaptureOptions { Limit = 1000, Overflow = CaptureOverflow.Tail }
        );
        Assert.True(output.Status.StreamsCutOff);
        Assert.Equal(1000, output.StandardOutput.Bytes.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancellation_kills_the_program_and_leaves_nothing(bool synchronous)
    {
        await Once();
        var before = ProcessCounts.TakeBaseline();
        await Once();
        await Once("exec >&- 2>&-; exec sleep 60");
        await Once("cat <&9 & echo; wait");
        Leftovers.AssertNothingLeftSoon(before);

        async Task Once(string script = "echo; exec sleep 60")
        {
            // A descendant keeps the pipes until this ends, and would be left to a test that is process 1.
            using var end = new AnonymousPipeServerStream(PipeDirection.Out);
            using var reading = end.ClientSafePipeHandle;
            using var cancellation = new CancellationTokenSource(50);
            var command = Shell(script)
                .WithDescriptor(9, Stdio.FromHandle(reading))
                .WithDrainGrace(Timeout.InfiniteTimeSpan);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
                _ = synchronous
                    ? command.Capture(cancellationToken: cancellation.Token)
                    : await command.CaptureAsync(cancellationToken: cancellation.Token)
            );
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_start_that_fails_leaves_nothing(bool synchronous)
    {
        await Once();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 20; i++)
        {
            await Once();
        }

        Leftovers.AssertNothingLeftSoon(before);

        async Task Once() =>
            await Assert.ThrowsAsync<SpawnException>(() => Run(synchronous, new Command("/no/such/program")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_streams_that_are_one_stay_in_order(bool synchronous)
    {
        var output = await Run(synchronous, Shell("echo 1; echo 2 >&2; echo 3").WithStandardError(Stdio.SameAs(1)));
        Assert.Equal(("1\n2\n3\n", ""), (output.StandardOutput.Text, output.StandardError.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_goes_elsewhere_is_not_captured(bool synchronous)
    {
        using var directory = new TempDirectory();
        var command = Shell("echo out; echo err >&2").WithStandardError(Stdio.Write(directory["err"]));
        var output = await Run(synchronous, command);
        Assert.Equal(("out\n", ""), (output.StandardOutput.Text, output.StandardError.Text));
        Assert.Equal("err\n", File.ReadAllText(directory["err"]));

        output = await Run(synchronous, command, new CaptureOptions { StandardOutput = false });
        Assert.Equal("", output.StandardOutput.Text);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_kept_as_bytes()
    {
        var output = Shell("printf 'a\\377b'").Capture(cancellationToken: Token).StandardOutput;
        Assert.Equal([(byte)'a', 0xff, (byte)'b'], output.Bytes.ToArray());
        Assert.Equal("a\ufffdb", output.Text);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    [InlineData("iso-8859-1")]
    public void Encodings_and_byte_order_marks_are_understood(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = "Grüße\nzwei";
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes(text)];
        var output = new Command("cat")
            .WithStandardInput(Stdio.FromBytes(bytes))
            .Capture(new CaptureOptions { Encoding = encoding }, Token);
        Assert.Equal(text, output.StandardOutput.Text);
    }

    [Theory]
    [InlineData(CaptureOverflow.Head, "aé")]
    [InlineData(CaptureOverflow.Tail, "z€")]
    public void A_character_that_the_limit_cuts_through_is_left_out(CaptureOverflow overflow, string expected)
    {
        // é is two bytes, € three: the limit of five falls into one of them on either side.
        var options = new CaptureOptions { Limit = 5, Overflow = overflow };
        var output = new Command("cat").WithStandardInput(Stdio.FromText("aé€z€")).Capture(options, Token);
        Assert.Equal(expected, output.StandardOutput.Text);
        Assert.Equal(5, output.StandardOutput.Bytes.Length);
    }

    [Theory]
    [InlineData("utf-16", CaptureOverflow.Head, 5, "ab")]
    [InlineData("utf-16", CaptureOverflow.Tail, 5, "de")]
    [InlineData("utf-16BE", CaptureOverflow.Tail, 3, "e")]
    [InlineData("utf-32", CaptureOverflow.Tail, 7, "e")]
    [InlineData("utf-32", CaptureOverflow.Head, 11, "ab")]
    [InlineData("utf-16", CaptureOverflow.Tail, 6, "de")]
    public void A_limit_that_is_no_multiple_of_a_code_unit_leaves_whole_characters(
        string name,
        CaptureOverflow overflow,
        int limit,
        string expected
    )
    {
        // In UTF-16 the clef is two code units, the second of which the limit of six leaves.
        var encoding = Encoding.GetEncoding(name);
        var options = new CaptureOptions
        {
            Limit = limit,
            Overflow = overflow,
            Encoding = encoding,
        };
        var output = new Command("cat")
            .WithStandardInput(Stdio.FromBytes(encoding.GetBytes("abc\U0001D11Ede")))
            .Capture(options, Token);
        Assert.Equal(expected, output.StandardOutput.Text);
    }

    [Fact]
    public void The_message_of_a_failure_is_short_and_harmless_whatever_a_program_writes()
    {
        var output = Shell("head -c 1000000 /dev/zero | tr '\\0' x >&2; printf '\\33[2Jb\\r\\tc\\302\\205' >&2; exit 3")
            .Capture(cancellationToken: Token);
        var message = Assert.Throws<CommandFailedException>(output.EnsureSuccess).Message;
        Assert.EndsWith("xx\\33[2Jb\\r\tc\\205", message, StringComparison.Ordinal);
        Assert.Contains(":\n…xxx", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 4096, 4200);
    }

    [Fact]
    public void A_pipe_that_the_caller_would_have_to_write_is_refused()
    {
        var failure = Assert.Throws<InvalidOperationException>(() =>
            new Command("cat").WithStandardInput(Stdio.Pipe).Capture(cancellationToken: Token)
        );
        Assert.Contains("Descriptor 0 is a pipe to the caller", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_thousand_children_with_captured_output_need_no_threads_and_little_memory()
    {
        const int many = 2000;
        var command = new Command("sh", "-c", "read x; echo $x");
        await command.WithStandardInput(Stdio.FromText("warm\n")).CaptureAsync(cancellationToken: Token);
        using var go = new CancellationTokenSource();
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = command.WithStandardInput(
            Stdio.FromProducer(
                async (input, token) =>
                {
                    await released.Task;
                    await input.WriteAsync("go\n"u8.ToArray(), token);
                }
            )
        );
        var before = ProcessCounts.TakeBaseline();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var captures = Enumerable.Range(0, many).Select(_ => held.CaptureAsync(cancellationToken: Token)).ToList();
        Waiting.For(() => ProcessCounts.Take().Children.Count(c => !c.IsZombie) >= many, "2,000 children");
        // Less than before, if the shared pool of arrays lets go now of what an earlier test has used (seen: 14 MB).
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, many * 20_000L);
        Leftovers.AssertNoNewThreadsSoon(before);
        released.SetResult();
        foreach (var capture in captures)
        {
            Assert.Equal("go\n", (await capture).StandardOutput.Text);
        }

        Leftovers.AssertNothingLeftSoon(before);
    }

    private static void Kill(string pidFile) =>
        System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(pidFile))).Kill();
}
