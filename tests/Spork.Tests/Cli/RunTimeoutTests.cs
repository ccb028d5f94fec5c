using System.Diagnostics;
using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

public class RunTimeoutTests
{
    /// <summary>
    /// The clock begins before the start, as promised, so a command that is not running yet when it ends is never
    /// signalled, and on a busy machine a start has taken more than a second. What it does when the signal comes can
    /// only be seen if it runs by then.
    /// </summary>
    private const string Later = "5s";

    [Fact]
    public void A_command_that_takes_too_long_ends_124()
    {
        // Not before its time; and not after the command's own end, which the test would not live to see.
        var watch = Stopwatch.StartNew();
        var run = SporkCli.Run("run", "--timeout", Later, "--", "sleep", "1000");
        Promise.OneErrorLine(run, 124, "'sleep'", "SIGTERM", $"--timeout {Later}");
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void A_command_in_time_keeps_its_exit_code() =>
        Assert.Equal(3, SporkCli.Run("run", "--timeout", "1m", "sh", "-c", "exit 3").Code);

    [Fact]
    public void A_command_that_ignores_the_signal_is_killed_after_a_while()
    {
        var run = SporkCli.Run(
            "run",
            "--timeout",
            Later,
            "--kill-after",
            "200ms",
            "--ignore-signal",
            "TERM",
            "sleep",
            "60"
        );
        Promise.OneErrorLine(run, 124, "'sleep'", "was killed");
    }

    [Fact]
    public void The_signal_can_be_chosen_and_the_command_may_clean_up()
    {
        const string Script = "trap 'echo bye; exit 0' USR1; echo ready; while :; do sleep 0.05; done";
        var run = SporkCli.Run("run", "--timeout", Later, "--timeout-signal", "USR1", "--", "sh", "-c", Script);
        Assert.Equal((124, "ready\nbye\n"), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("posix_spawn")]
    public void A_start_that_blocks_is_given_up_at_the_timeout(string rung)
    {
        using var directory = new TempDirectory();
        var (fifo, report) = (Fifo.Create(directory["fifo"]), directory["report"]);
        var run = SporkCli.Run(
            start => start.Environment["SPORK_SPAWN"] = rung,
            ["run", "--timeout", "500ms", "--stdin", fifo, "--report", report, "--", "true"]
        );
        Promise.OneErrorLine(run, 124, "'true'", "still blocked", "500ms");
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        Assert.True(json.RootElement.GetProperty("timedOut").GetBoolean());
    }

    /// <summary>A kernel without CONFIG_PROC_CHILDREN: the process of a start given up cannot be found.</summary>
    [Fact]
    public void A_start_given_up_whose_process_cannot_be_looked_for_says_so()
    {
        const string NotTested = "a start given up where /proc does not tell children";
        var unshare = Tools.FindOrSkip("unshare", NotTested);
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        Directory.CreateDirectory(directory["task/1"]);
        // The process that is left would keep our pipes open: it has a file, and is let go before anything is judged.
        var (task, errors) = (directory["task"], directory["errors"]);
        var run = SporkCli.Shell(
            $"{unshare} --user --map-root-user --mount sh -c 'mount --bind {task} /proc/$$/task || exit 77; "
                + "export SPORK_SPAWN=posix_spawn; exec '\"$SPORK\"' "
                + $"run --timeout 500ms --stdin {fifo} -- true' >/dev/null 2>{errors}; "
                + $"code=$?; exec 3<>{fifo}; cat {errors} >&2; exit $code"
        );
        Assert.SkipWhen(run.Code is 77 or 1, $"NOT TESTED: {NotTested}. {run.Errors}");
        Promise.OneErrorLine(run, 124, "'true'", "500ms", "may still be there", "/proc/self/task/1/children");
    }

    /// <summary>A shell may become spork and leave it children of its own.</summary>
    [Fact]
    public void A_start_given_up_leaves_children_alone_that_it_did_not_start()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        var run = SporkCli.Shell(
            "(sleep 2; echo survived) & export SPORK_SPAWN=posix_spawn; "
                + $"exec $SPORK run --timeout 500ms --stdin {fifo} -- true"
        );
        Assert.Equal((124, "survived\n"), (run.Code, run.Output));
    }
}
