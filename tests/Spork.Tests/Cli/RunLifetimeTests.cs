using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>How <c>spork run</c> ends commands, what it ends with them, and what it leaves.</summary>
public class RunLifetimeTests
{
    /// <summary>
    /// The clock begins before the start (see <see cref="RunTimeoutTests"/>), and a shell asked while it waits for a sleep
    /// answers when that has ended: on a busy machine both take their time.
    /// </summary>
    private const string Later = "5s";

    [Fact]
    public void The_timeout_asks_with_the_stop_signal_and_forces_after_the_grace()
    {
        const string Script = "trap 'echo asked' USR1; echo ready; while :; do sleep 0.05; done";
        string[] stop = ["--timeout", Later, "--stop-signal", "USR1", "--grace", Later];
        var run = SporkCli.Run(["run", .. stop, "--", "sh", "-c", Script]);
        Assert.Equal((124, "ready\nasked\n"), (run.Code, run.Output));
        Assert.Contains("outlived SIGUSR1", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_grace_nobody_is_asked()
    {
        var run = SporkCli.Run(
            "run",
            "--timeout",
            Later,
            "--grace",
            "0s",
            "--",
            "sh",
            "-c",
            "trap 'echo asked' TERM; while :; do sleep 0.05; done"
        );
        Promise.OneErrorLine(run, 124, "'sh' was killed after --timeout 5s");
    }

    [Theory]
    [InlineData("sleep 1000 & sleep 1000 & wait", "2s", 124)]
    [InlineData("(sleep 1000 &); exit 5", "1m", 5)]
    public void Kill_tree_leaves_nothing_of_what_the_command_started(string script, string timeout, int code)
    {
        // Its standard output is a pipe that all of them hold: it would not end before they do.
        var run = SporkCli.Run("run", "--session", "--kill-tree", "--timeout", timeout, "--", "sh", "-c", script);
        Assert.Equal(code, run.Code);
    }

    [Fact]
    public void A_command_is_killed_when_spork_is_killed()
    {
        using var process = SporkCli.Start(
            _ => { },
            "run",
            "--kill-on-parent-exit",
            "--",
            "sh",
            "-c",
            "echo ready; exec sleep 1000"
        );
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        process.Kill();
        // The end of the pipe is the end of the command.
        Assert.Equal("", ToolRun.Finish(process).Output);
    }

    [Fact]
    public void A_detached_command_lives_on_and_its_number_is_printed()
    {
        var run = SporkCli.Run("run", "--detach", "--", "sleep", "1000");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        var id = int.Parse(run.Output, CultureInfo.InvariantCulture);
        using var pidFd = PidFd.Open(id);
        Waiting.For(() => OtherProcess.IsIn(id, OtherProcess.ClockNanosleep), "it to sleep");
        pidFd.Kill();
        Waiting.For(() => OtherProcess.HasEnded(id), "it to be killed");
    }

    [Fact]
    public void A_detached_command_that_cannot_be_started_is_an_error_as_ever() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--detach", "--", "/no/such/program"), 127, "/no/such/program");

    [Theory]
    [InlineData("--detach", "--kill-tree")]
    [InlineData("--detach", "--kill-on-parent-exit")]
    [InlineData("--detach", "--exec")]
    [InlineData("--exec", "--kill-tree")]
    public void What_contradicts_each_other_is_refused(string one, string other) =>
        Promise.OneErrorLine(SporkCli.Run("run", one, other, "--", "true"), 125, one, other, "contradict");

    [Fact]
    public void A_stop_signal_that_asks_nobody_to_end_is_refused() =>
        Promise.OneErrorLine(
            SporkCli.Run("run", "--timeout", "1s", "--stop-signal", "STOP", "true"),
            125,
            "--stop-signal STOP"
        );
}
