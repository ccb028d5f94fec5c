using Spork.Tests.Support;

namespace Spork.Tests.Cli;

public class TourTests
{
    [Fact]
    [Deadline(seconds: 120)]
    public void Every_stop_works_and_a_pipe_gets_plain_text()
    {
        var run = SporkCli.Run(start => start.Environment["TMPDIR"] = Path.GetTempPath(), "tour");
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.Equal("", run.Errors);
        Assert.Matches("(?m)^(\\d+) of \\1 stops worked", run.Output);
        Assert.DoesNotContain('\x1b', run.Output);
        Assert.Contains("chdir(\"/srv/gone\")", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Deadline(seconds: 120)]
    public void On_a_terminal_NO_COLOR_is_honoured()
    {
        var script = Tools.FindOrSkip("script", "NO_COLOR on a terminal");
        var run = SporkCli.Shell($"NO_COLOR=1 TERM=xterm-256color {script} -q -e -c \"$SPORK doctor\" /dev/null");
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("\x1b[3", run.Output, StringComparison.Ordinal);
        Assert.Contains("─", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Deadline(seconds: 60)]
    public void A_polite_kill_removes_its_folder()
    {
        using var directory = new TempDirectory();
        using var process = SporkCli.Start(start => start.Environment["TMPDIR"] = directory.Path, "tour");
        Assert.True(
            SpinWait.SpinUntil(
                () => Directory.GetDirectories(directory.Path, "spork-tour-*").Length > 0,
                TimeSpan.FromSeconds(20)
            )
        );
        Assert.Equal(0, ToolRun.Of("kill", $"{process.Id}").Code);
        Assert.Equal(143, ToolRun.Finish(process).Code);
        Assert.Empty(Directory.GetDirectories(directory.Path, "spork-tour-*"));
    }
}
