using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>Where the number of a detached command goes, when it cannot go to standard output.</summary>
public class RunDetachedOutputTests
{
    [Fact]
    public void With_standard_output_closed_nothing_is_started()
    {
        using var directory = new TempDirectory();
        var witness = directory["started"];
        var run = SporkCli.Shell($"$SPORK run --detach -- touch {witness} >&-");
        Promise.OneErrorLine(run, 125, "standard output is closed");
        Assert.False(File.Exists(witness));
    }

    [Fact]
    public void With_standard_output_full_the_command_runs_and_the_error_line_has_its_number()
    {
        var run = SporkCli.Shell("$SPORK run --detach -- sleep 1000 >/dev/full");
        Promise.OneErrorLine(run, 1, "'sleep' runs as process", "ENOSPC");
        var number = int.Parse(run.Errors.Split("process ")[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.StartsWith("sleep", File.ReadAllText($"/proc/{number}/comm"), StringComparison.Ordinal);
        ToolRun.Of("kill", "-9", $"{number}");
    }
}
