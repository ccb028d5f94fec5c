using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

public class RunExplainTests
{
    [Fact]
    public void It_prints_the_child_program_and_runs_nothing()
    {
        using var directory = new TempDirectory();
        var touched = directory["touched"];
        var run = SporkCli.Run("run", "--explain", "--cwd", "/usr", "--", "touch", touched);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("chdir(\"/usr\")", run.Output, StringComparison.Ordinal);
        Assert.Contains("execve", run.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(touched));
    }

    [Fact]
    public void As_JSON_the_steps_are_numbered_from_one()
    {
        var run = SporkCli.Run("run", "--explain", "--json", "--umask", "022", "true");
        using var json = JsonDocument.Parse(run.Output);
        var steps = json.RootElement.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(step => step.GetProperty("index").GetInt32()));
        Assert.Contains(
            steps,
            step => step.GetProperty("call").GetString()!.StartsWith("umask(", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_reader_that_leaves_early_ends_it_quietly()
    {
        var run = SporkCli.Shell(
            "set -o pipefail; for i in 1 2 3; do $SPORK run --explain true; done | head -n 1; exit ${PIPESTATUS[1]}"
        );
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Single(run.Output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void As_JSON_the_command_is_an_array_too_and_an_apostrophe_stays_one()
    {
        var run = SporkCli.Run("run", "--explain", "--json", "echo", "it's <b>");
        Assert.Contains("\"it's <b>\"", run.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["echo", "it's <b>"],
            json.RootElement.GetProperty("argv").EnumerateArray().Select(word => word.GetString()!)
        );
    }
}
