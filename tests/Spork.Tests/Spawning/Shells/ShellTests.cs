using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Command.Shell as system(3): what it runs, its status, its signals.</summary>
public class ShellTests
{
    private static string Setsid => Tools.FindOrSkip("setsid", "signals to a whole process group");

    [Fact]
    public void There_is_a_shell() => Assert.True(Command.IsShellAvailable);

    [Fact]
    public void A_script_is_run_by_sh() =>
        Assert.Equal("A SH\n", Capture.Text(Command.Shell("echo a $0 | tr a-z A-Z")));

    [Theory]
    [InlineData("-c echo no")]
    [InlineData("-- ")]
    [InlineData("--version")]
    [InlineData("-")]
    public void A_script_that_begins_with_a_dash_is_a_script(string script)
    {
        // Not found, or the words of another command: but read as a script, not as options.
        var status = Command.Shell(script).WithStandardError(Stdio.Null).Run();
        Assert.Equal(127, status.Code);
        foreach (var shell in new[] { "dash", "bash" })
        {
            var other = Tools.FindOrSkip(shell, $"scripts that begin with a dash, with {shell}");
            Assert.Equal(127, new Command(other, "-c", "--", script).WithStandardError(Stdio.Null).Run().Code);
        }
    }

    [Fact]
    public void The_status_is_the_shell_s()
    {
        Assert.Equal(7, Command.Shell("exit 7").Run().Code);
        Assert.Equal(127, Command.Shell("no-such-command 2>/dev/null").Run().Code);
        Assert.Equal(126, Command.Shell("/dev/null 2>/dev/null").Run().Code);
        Assert.Equal(Signal.SIGTERM, Command.Shell("kill $$").Run().Signal);
        Assert.Equal(143, Command.Shell("sh -c 'kill $$' 2>/dev/null; exit $?").Run().Code);
    }

    [Fact]
    public async Task It_runs_asynchronously_and_is_cancelled()
    {
        Assert.Equal(3, (await Command.Shell("exit 3").RunAsync()).Code);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Command.Shell("exec sleep 100").RunAsync(stop.Token)
        );
    }

    [Fact]
    public void The_script_has_SIGINT_and_SIGQUIT_at_their_default_and_nothing_blocked()
    {
        var view = ChildView.Of(Capture.Text(Command.Shell("exec cat /proc/self/status /proc/self/stat")));
        Assert.Equal((0UL, 0UL), (view.Blocked, view.Ignored));
    }

    [Fact]
    public void A_SIGINT_that_was_ignored_from_the_start_stays_so_for_the_script()
    {
        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn",
            "NOT TESTED: an ignored SIGINT. This rung cannot give one."
        );
        var file = new Command(DriverProgram.Executable, "shell-many", "4", "kill -INT $$; exit 5").WithIgnoredSignals(
            Signal.SIGINT
        );
        Assert.Contains("4 x exit code 5", Capture.Text(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_options_are_kept_and_it_is_still_a_shell_command()
    {
        var command = Command
            .Shell("test $A = b && test $PWD = /")
            .WithEnvironmentVariable("A", "b")
            .WithWorkingDirectory("/");
        Assert.True(command.Options.IsShell);
        Assert.True(command.Run().IsSuccess);
    }

    /// <summary>
    /// The whole group gets the signal at once, and the shell is dead before this side has looked: 200 chances to be
    /// ended by what was meant for the script.
    /// </summary>
    [Theory]
    [InlineData("kill -INT 0", "200 x killed by SIGINT")]
    [InlineData("kill -QUIT 0", "200 x killed by SIGQUIT")]
    [InlineData("trap 'exit 4' INT; kill -INT 0; exit 5", "200 x exit code 4")]
    [InlineData("trap 'exec true' INT; kill -INT 0; exit 5", "200 x exit code 0")]
    [Deadline(seconds: 120)]
    public void A_keyboard_signal_to_the_group_ends_the_script_and_never_the_caller(string script, string expected)
    {
        var answer = DriverProgram.Ask(
            [],
            Setsid,
            "-w",
            DriverProgram.Executable,
            "shell-many",
            "200",
            $"ulimit -c 0; {script}"
        );
        Assert.Equal(expected, answer.String("statuses"));
    }

    /// <summary>By what was seen, and not by a clock, for which a key pressed meanwhile would be lost.</summary>
    [Theory]
    [InlineData("1", "1", "exec")]
    [InlineData("1", "1", "trap '' URG; exec")]
    [InlineData("2", "40", "exec")]
    [Deadline(seconds: 120)]
    public void The_keyboard_is_let_go_when_nothing_is_underway_and_no_signal_is_sent_for_it(
        string threads,
        string count,
        string before
    )
    {
        var answer = DriverProgram.Ask(
            [],
            "/bin/sh",
            "-c",
            $"{before} \"$@\"",
            "sh",
            DriverProgram.Executable,
            "shell-let-go",
            threads,
            count
        );
        Assert.Equal(("True", "0"), (answer.String("seen"), answer.String("urgent")));
    }

    [Fact]
    public async Task Leaving_the_events_of_a_script_lets_the_keyboard_go()
    {
        await foreach (var e in Command.Shell("exec sleep 100").ListenAsync())
        {
            Assert.IsType<StartedCommandEvent>(e);
            Assert.True(KeyboardSignals.AreSpared);
            break;
        }

        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
    }

    [Fact]
    public async Task The_keyboard_is_let_go_when_the_script_ends_however_long_its_events_take()
    {
        await foreach (var e in Command.Shell("echo one; echo two").ListenAsync())
        {
            if (e is StandardOutputCommandEvent)
            {
                Waiting.For(() => !KeyboardSignals.AreSpared, "the script's end");
            }
        }
    }

    [Fact]
    public async Task A_script_that_the_keyboard_does_not_reach_leaves_it_to_the_caller()
    {
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
        using var stop = new CancellationTokenSource();
        var ready = new TaskCompletionSource();
        var script = Command
            .Shell("echo ready; exec sleep 100")
            .WithStandardOutput(Stdio.ToLines(_ => ready.TrySetResult()));
        var runs = new[] { script.WithNewSession(), script.WithProcessGroup(0) }
            .Select(s => s.RunAsync(stop.Token))
            .ToArray();
        await ready.Task.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(KeyboardSignals.AreSpared);
        await stop.CancelAsync();
        foreach (var run in runs)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        }
    }

    [Fact]
    public async Task A_script_that_cannot_be_started_lets_the_keyboard_go()
    {
        var script = Command.Shell("true").WithWorkingDirectory("/no/such");
        var pipeline = script | new Command("true");
        Assert.Throws<SpawnException>(() => script.Capture());
        await Assert.ThrowsAsync<SpawnException>(() => script.CaptureAsync());
        await Assert.ThrowsAsync<SpawnException>(() => script.CaptureAsync(null, default, default));
        Assert.Throws<SpawnException>(() => pipeline.Run());
        await Assert.ThrowsAsync<SpawnException>(() => pipeline.CaptureAsync());
        await Assert.ThrowsAsync<SpawnException>(async () =>
        {
            await foreach (var _ in script.ListenAsync()) { }
        });
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
    }

    [Fact]
    public async Task Runs_at_the_same_time_share_the_keyboard_until_the_last_is_over()
    {
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
        using var stop = new CancellationTokenSource();
        var slow = Command.Shell("exec sleep 100").RunAsync(stop.Token);
        Command.Shell("true").Run();

        // Longer than what comes after a last run.
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.True(KeyboardSignals.AreSpared);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
    }

    [Fact]
    public void A_plain_command_leaves_the_keyboard_alone()
    {
        Waiting.For(() => !KeyboardSignals.AreSpared, "the keyboard to be let go");
        using var child = new Command("sleep", "100").Start();
        using var shell = Command.Shell("exec sleep 100").Start();
        using var pipeline = (Command.Shell("exec sleep 100") | new Command("cat")).Start();
        _ = new Command("true").Capture();
        _ = (new Command("true") | new Command("cat")).Run();
        Assert.False(KeyboardSignals.AreSpared);
        child.Kill();
        shell.Kill();
        pipeline.Kill();
        child.Wait();
        shell.Wait();
        pipeline.Wait();
    }

    [Fact]
    public void Running_scripts_leaves_nothing_behind()
    {
        for (var i = 0; i < 5; i++)
        {
            Command.Shell("true").Run();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 200; i++)
        {
            Command.Shell("true").Run();
        }

        Leftovers.AssertNothingLeftSoon(before, 200);
    }
}
