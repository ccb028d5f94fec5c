using System.Text;
using Spork.Testing;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Testing;

/// <summary>No way of starting a command gets past a double, and each does with it what it does with a process.</summary>
public class WaysInTests
{
    // There is no such program, so a start that got past the double would fail.
    private static readonly Command Tool = new("no-such-tool", "a", "b c");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static CommandDouble Double(out CommandRule rule)
    {
        var commands = new CommandDouble();
        rule = commands.When("no-such-tool").Writes("out\n").WritesError("err\n").Exits(3);
        return commands;
    }

    [Fact]
    public async Task Run_in_every_form()
    {
        using var commands = Double(out var rule);
        Assert.Equal(3, Tool.Run(Token).Code);
        Assert.Equal(3, (await Tool.RunAsync(Token)).Code);
        using var source = new CancellationTokenSource();
        Assert.Equal(3, Tool.Run(source.Token).Code);
        Assert.Equal(3, Tool.WithStandardInput(Stdio.Null).Run(Token).Code);
        Assert.Equal(4, rule.Calls.Count);
        Assert.All(commands.Calls, c => Assert.Equal(["a", "b c"], c.Arguments));
    }

    [Fact]
    public async Task Start_in_every_form()
    {
        using var commands = Double(out _);
        await CheckAsync(Tool.Start(Token));
        await CheckAsync(await Tool.StartAsync(Token));
        await CheckAsync(Tool.StartGated().Release(Token));
        await CheckAsync(await Tool.StartGated().ReleaseAsync(Token));
        var piped = Tool.WithStandardInput(Stdio.Pipe).WithStandardOutput(Stdio.Pipe).WithStandardError(Stdio.Pipe);
        await CheckPipesAsync(piped.Start(Token));
        await CheckPipesAsync(await piped.StartAsync(Token));
        await CheckPipesAsync(piped.StartGated().Release(Token));
        Assert.Equal(7, commands.Calls.Count);

        static async Task CheckAsync(ChildProcess child)
        {
            using (child)
            {
                Assert.Equal(3, (await child.WaitAsync(Token)).Code);
                Assert.Equal(3, child.Wait(Token).Code);
                Assert.True(child.HasExited);
            }
        }

        static async Task CheckPipesAsync(ChildProcess child)
        {
            using (child)
            {
                await child.StandardInput.WriteAsync("in"u8.ToArray(), Token);
                child.StandardInput.Close();
                Assert.Equal("out\n", await child.StandardOutput.ReadToEndAsync(cancellationToken: Token));
                Assert.Equal("err\n", await child.StandardError.ReadToEndAsync(cancellationToken: Token));
                Assert.Equal(3, (await child.WaitAsync(Token)).Code);
            }
        }
    }

    [Fact]
    public async Task Captures_get_what_the_double_writes()
    {
        using var commands = Double(out _);
        Check(Tool.Capture(cancellationToken: Token));
        Check(await Tool.CaptureAsync(cancellationToken: Token));
        Check(Tool.WithStandardInput(Stdio.FromText("in")).Capture(cancellationToken: Token));
        Assert.Equal("in", commands.Calls[2].InputText);

        static void Check(CommandOutput output)
        {
            Assert.Equal(3, output.Status.Code);
            Assert.Equal(("out\n", "err\n"), (output.StandardOutput.Text, output.StandardError.Text));
        }
    }

    [Fact]
    public async Task Relays_work_as_with_a_process()
    {
        using var commands = Double(out _);
        var (stream, lines, text) = (new MemoryStream(), new List<string>(), new StringBuilder());
        Assert.Equal(3, Tool.WithStandardOutput(Stdio.ToStream(stream)).Run(Token).Code);
        await Tool.WithStandardOutput(Stdio.ToLines(lines.Add)).WithStandardError(Stdio.SameAs(1)).RunAsync(Token);
        await Tool.WithStandardError(Stdio.ToStringBuilder(text))
            .WithStandardInput(Stdio.FromBytes(new byte[300_000]))
            .RunAsync(Token);
        Assert.Equal("out\n"u8.ToArray(), stream.ToArray());
        Assert.Equal(["out", "err"], lines);
        Assert.Equal("err\n", text.ToString());
        Assert.Equal(300_000, commands.Calls[2].Input.Length);
    }

    [Fact]
    public async Task Events_come_from_a_double()
    {
        using var commands = Double(out _);
        var events = new List<CommandEvent>();
        await foreach (var e in Tool.ListenAsync(cancellationToken: Token))
        {
            events.Add(e);
        }

        Assert.Equal(commands.Calls[0].ProcessId, Assert.IsType<StartedCommandEvent>(events[0]).ProcessId);
        Assert.Contains(new StandardOutputCommandEvent("out"), events);
        Assert.Contains(new StandardErrorCommandEvent("err"), events);
        Assert.Equal(3, Assert.IsType<ExitedCommandEvent>(events[^1]).Status.Code);
    }

    [Fact]
    public async Task Doubles_are_joined_by_a_pipeline()
    {
        using var commands = new CommandDouble();
        commands.When("first").Writes("a\nb\n");
        commands
            .When("second")
            .Runs(
                async (call, token) =>
                {
                    var text = await new StreamReader(call.StandardInput).ReadToEndAsync(token);
                    await call.StandardOutput.WriteAsync(Encoding.UTF8.GetBytes(text.ToUpperInvariant()), token);
                }
            );
        var output = await (new Command("first") | new Command("second")).CaptureAsync(cancellationToken: Token);
        Assert.Equal("A\nB\n", output.StandardOutput.Text);
        Assert.True(output.Status.IsSuccess);
    }

    [Fact]
    public async Task A_double_and_a_process_are_joined_by_a_pipeline()
    {
        using var commands = new CommandDouble { LetsOthersRun = true };
        commands.When("first").Writes("a\nb\n");
        commands.When("last");
        var output = await (new Command("first") | new Command("wc", "-l") | new Command("last")).CaptureAsync(
            cancellationToken: Token
        );
        Assert.True(output.Status.IsSuccess);
        Assert.Equal("2", commands.Calls.Single(c => c.Program == "last").InputText.Trim());
    }

    [Fact]
    public void Shell_OpenPipe_and_Posix()
    {
        using var commands = new CommandDouble();
        commands.When("sh", args => args[^1].StartsWith("sort", StringComparison.Ordinal)).Exits(4);
        commands.When("/bin/sh").Writes("from a pipe");
        commands.When("ls", "-l").Exits(5);
        Assert.Equal(4, Command.Shell("sort").Run(Token).Code);
        using (var pipe = Command.OpenPipe("date", FileAccess.Read))
        {
            Assert.Equal("from a pipe", new StreamReader(pipe).ReadToEnd());
        }

        using var child = Posix.SpawnP("ls", null, null, ["ls", "-l"], cancellationToken: Token);
        Assert.Equal(5, child.Wait(Token).Code);
        commands.Verify();
    }

    [Fact]
    public void Files_and_handles_are_written_as_a_process_would()
    {
        using var directory = new TempDirectory();
        using var commands = Double(out var rule);
        Tool.WithStandardOutput(Stdio.Write(directory["log"])).Run(Token);
        Tool.WithStandardOutput(Stdio.Append(directory["log"])).WithStandardError(Stdio.SameAs(1)).Run(Token);
        Assert.Equal("out\nout\nerr\n", File.ReadAllText(directory["log"]));
        using (var handle = File.OpenHandle(directory["two"], FileMode.Create, FileAccess.Write))
        {
            var both = Stdio.FromHandle(handle);
            Tool.WithStandardOutput(both).WithStandardError(both).Run(Token);
            Tool.WithStandardOutput(both).Run(Token);
        }

        Assert.Equal("out\nerr\nout\n", File.ReadAllText(directory["two"]));
        var failure = Assert.Throws<SpawnException>(() =>
            Tool.WithStandardOutput(Stdio.Write("/no/such/log")).Run(Token)
        );
        Assert.Equal(("open", Errno.ENOENT), (failure.Step, failure.Errno));
        Assert.Equal(5, rule.Calls.Count);
    }

    [Fact]
    public async Task A_terminal_is_written_by_a_double()
    {
        using var commands = Double(out _);
        using var child = Tool.StartInTerminal(cancellationToken: Token);
        using var reader = new StreamReader(child.Terminal!.Stream);
        var text = await reader.ReadToEndAsync(Token);
        Assert.Equal("out\r\nerr\r\n", text);
        Assert.Equal(3, (await child.WaitAsync(Token)).Code);
    }

    [Fact]
    public void ExecInPlace_is_refused_and_this_process_goes_on()
    {
        using var commands = Double(out _);
        var e = Assert.Throws<CommandDoubleException>(() => Tool.ExecInPlace());
        Assert.Contains("has no double", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_double_has_a_span_as_a_process_has()
    {
        using var spans = new Telemetry.Spans();
        using var commands = Double(out _);
        Tool.Run(Token);
        Assert.Equal("3", Telemetry.Spans.Text(spans.Single(), "process.exit.code"));
    }

    [Fact]
    public void No_process_is_made()
    {
        using var commands = Double(out _);
        var before = ChildEntry.ListOwn();
        using var child = Tool.WithStandardInput(Stdio.Pipe).Start(Token);
        Assert.DoesNotContain(ChildEntry.ListOwn(), c => before.All(b => b.Id != c.Id));
        child.StandardInput.Close();
        child.Wait(Token);
    }

    [Fact]
    public void Doubles_leave_no_descriptor_and_no_thread_behind()
    {
        void Use()
        {
            using var commands = Double(out _);
            commands.When("fails").Fails(Errno.ENOENT);
            commands.When("server").RunsUntilSignalled();
            Tool.Run(Token);
            Tool.RunAsync(Token).GetAwaiter().GetResult();
            Tool.WithStandardInput(Stdio.FromText("x")).Capture(cancellationToken: Token);
            Tool.StartGated().Dispose();
            Assert.Throws<SpawnException>(() => new Command("fails").Start(Token));
            Assert.Throws<SpawnException>(() => new Command("fails").StartGated().Release(Token));
            Assert.Throws<CommandDoubleException>(() => new Command("unknown").Run(Token));
            using var server = new Command("server").WithStandardOutput(Stdio.Pipe).Start(Token);
        }

        for (var i = 0; i < 5; i++)
        {
            Use();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 50; i++)
        {
            Use();
        }

        Leftovers.AssertNothingLeftSoon(before, operations: 50);
    }
}
