using Spork.Testing;

namespace Spork.Tests.Spawning.Testing;

/// <summary>Which rule is taken, who sees it, what is recorded and verified.</summary>
public sealed class RuleTests : IDisposable
{
    // In the constructor, as a test class with a fixture of its own would have it.
    private readonly CommandDouble _commands = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _commands.Dispose();

    private static int? Code(string program, params string[] arguments) =>
        new Command(program, arguments).Run(Token).Code;

    [Fact]
    public void The_first_rule_that_matches_is_taken()
    {
        _commands.When("git", "status").Exits(1);
        _commands.When("git", args => args is ["push", ..]).Exits(2);
        _commands.When(c => c.WorkingDirectory == "/srv").Exits(3);
        _commands.When("git").Exits(4);
        Assert.Equal((1, 2, 4), (Code("git", "status"), Code("git", "push", "-f"), Code("git", "status", "-s")));
        Assert.Equal(1, Code("/usr/bin/git", "status"));
        Assert.Equal(3, new Command("ls").WithWorkingDirectory("/srv").Run(Token).Code);
    }

    [Fact]
    public void A_name_is_a_path_s_file_name_and_a_path_only_itself()
    {
        _commands.When("/usr/bin/git").Exits(1);
        Assert.Throws<CommandDoubleException>(() => Code("git"));
        Assert.Equal(1, Code("/usr/bin/git"));
    }

    [Fact]
    public void A_rule_for_so_many_times_makes_way_for_the_next()
    {
        _commands.When("curl").Times(2).Exits(7);
        _commands.When("curl").Exits(0);
        Assert.Equal([7, 7, 0, 0], new[] { Code("curl"), Code("curl"), Code("curl"), Code("curl") });
        _commands.Verify();
    }

    [Fact]
    public void A_command_without_a_rule_throws_and_names_the_rules()
    {
        _commands.When("git", "status").Times(1);
        var e = Assert.Throws<CommandDoubleException>(() => Code("git", "push", "a b"));
        Assert.Equal(
            "No rule of the CommandDouble covers this command: git push 'a b'\n  git status: used 0 of 1 times",
            e.Message
        );
        Assert.Empty(_commands.Calls);
    }

    [Fact]
    public async Task Whichever_way_a_command_without_a_rule_is_started_it_throws()
    {
        var command = new Command("git");
        Assert.Throws<CommandDoubleException>(() => command.Start(Token));
        Assert.Throws<CommandDoubleException>(() => command.StartGated());
        Assert.Throws<CommandDoubleException>(() => command.Capture(cancellationToken: Token));
        await Assert.ThrowsAsync<CommandDoubleException>(() => command.RunAsync(Token));
        await Assert.ThrowsAsync<CommandDoubleException>(async () => await command.StartAsync(Token));
        await Assert.ThrowsAsync<CommandDoubleException>(() => command.CaptureAsync(cancellationToken: Token));
        await Assert.ThrowsAsync<CommandDoubleException>(() => (command | command).RunAsync(Token));
    }

    [Fact]
    public void Others_run_if_that_is_asked_for()
    {
        _commands.LetsOthersRun = true;
        _commands.When("true").Exits(1);
        Assert.Equal((1, 0), (Code("true"), Code("sh", "-c", "exit 0")));
        Assert.Single(_commands.Calls);
        _commands.Verify();
    }

    [Fact]
    public void A_call_has_the_whole_command()
    {
        _commands.When("git");
        new Command("git", "a")
            .WithWorkingDirectory("/srv")
            .WithEnvironmentVariable("SET", "1")
            .WithEnvironmentVariable("GONE", null)
            .WithStandardInput(Stdio.FromText("input"))
            .WithStandardOutput(Stdio.Null)
            .Run(Token);
        var call = Assert.Single(_commands.Calls);
        Assert.Equal(("git", "/srv"), (call.Program, call.Command.WorkingDirectory));
        Assert.Equal(
            [KeyValuePair.Create<string, string?>("GONE", null), KeyValuePair.Create<string, string?>("SET", "1")],
            call.Command.EnvironmentChanges
        );
        Assert.True(call.Command.InheritsEnvironment);
        Assert.Equal("/dev/null", call.Command.Descriptors[1].ToString());
        Assert.Equal("input", call.InputText);
        Assert.Equal("git a", call.ToString());
    }

    [Fact]
    public void Verify_tells_unused_rules_uncovered_commands_and_all_calls()
    {
        _commands.When("git");
        _commands.When("never");
        _commands.When("twice").Times(2);
        Code("git", "x");
        Code("twice");
        Assert.Throws<CommandDoubleException>(() => Code("unknown"));
        var e = Assert.Throws<CommandDoubleException>(_commands.Verify);
        Assert.Equal(
            "Not the commands that were expected:\n  no rule covered: unknown\n  never …: used 0 times\n"
                + "  twice …: used 1 of 2 times\nCalls:\n  git x\n  twice",
            e.Message
        );
    }

    [Fact]
    public void Order_is_verified()
    {
        var (pull, build, push) = (
            _commands.When("git", "pull"),
            _commands.When("make"),
            _commands.When("git", "push")
        );
        Code("git", "pull");
        Code("make");
        Code("make");
        Code("git", "push");
        _commands.VerifyOrder(pull, build, push);
        _commands.VerifyOrder(build, build, push);
        var e = Assert.Throws<CommandDoubleException>(() => _commands.VerifyOrder(push, pull));
        Assert.StartsWith(
            "Not in the order that was expected: git pull: used 1 times",
            e.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_inner_double_stands_in_front_of_an_outer_one()
    {
        _commands.When("git").Exits(1);
        using (var inner = new CommandDouble())
        {
            inner.When("git").Exits(2);
            Assert.Equal(2, Code("git"));
        }

        Assert.Equal(1, Code("git"));
    }

    [Fact]
    public async Task Flows_side_by_side_do_not_see_each_other_s_rules()
    {
        var flows = Enumerable
            .Range(1, 20)
            .Select(i =>
                Task.Run(
                    async () =>
                    {
                        using var commands = new CommandDouble();
                        commands.When("tool").Exits(i);
                        for (var n = 0; n < 20; n++)
                        {
                            Assert.Equal(i, (await new Command("tool").RunAsync(Token)).Code);
                            await Task.Yield();
                        }

                        Assert.Equal(20, commands.Calls.Count);
                    },
                    Token
                )
            );
        await Task.WhenAll(flows);
        Assert.Empty(_commands.Calls);
    }

    [Fact]
    public async Task A_flow_without_a_double_is_not_touched()
    {
        Task<ExitStatus> outside;
        using (ExecutionContext.SuppressFlow())
        {
            outside = Task.Run(() => new Command("true").Run(Token), Token);
        }

        Assert.True((await outside).IsSuccess);
        Assert.Empty(_commands.Calls);
    }

    [Fact]
    public async Task What_outlives_its_test_starts_nothing()
    {
        var over = new TaskCompletionSource();
        Task late;
        using (new CommandDouble())
        {
            late = Task.Run(
                async () =>
                {
                    await over.Task;
                    await new Command("true").RunAsync(Token);
                },
                Token
            );
        }

        over.SetResult();
        var e = await Assert.ThrowsAsync<CommandDoubleException>(() => late);
        Assert.Contains("outlived its test", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var rule = _commands.When("git");
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.Exits(256));
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.Times(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rule.ExitsOn(Signal.SIGTERM, -1));
        Assert.Throws<ArgumentException>(() => rule.DiesOf(default));
        Assert.Throws<ArgumentException>(() => _commands.When(""));
    }
}
