using System.Text.Json;

namespace Spork.Tests.Cli;

public class DoctorTests
{
    [Fact]
    public void The_first_line_names_the_rung_and_the_rest_is_plain_text_in_a_pipe()
    {
        var run = SporkCli.Run("doctor");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        var lines = run.Output.Split('\n');
        Assert.Contains($"through {SpawnLadder.Current}", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("what ", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', run.Output);
        Assert.DoesNotContain('│', run.Output);
    }

    [Fact]
    public void As_JSON_every_finding_has_a_state_and_what_is_missing_has_a_cost()
    {
        var run = SporkCli.Run("doctor", "--json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("works").GetBoolean());
        Assert.Equal(SpawnLadder.Current, json.RootElement.GetProperty("via").GetString());
        var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.NotEmpty(findings);
        Assert.All(
            findings,
            finding =>
            {
                var state = finding.GetProperty("state").GetString();
                Assert.Contains(state, (string[])["ok", "degraded", "missing"]);
                Assert.True(state == "ok" || finding.GetProperty("cost").GetString()!.Length > 0);
            }
        );
    }

    [Fact]
    public void Without_standard_output_it_says_so()
    {
        var run = SporkCli.Shell("$SPORK doctor >&-");
        Promise.OneErrorLine(run, 1, "standard output is closed");
    }
}
