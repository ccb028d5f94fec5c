using System.Text.Json;
using Spork.Spawning;
using Spork.Tests.Support;

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

    [Fact]
    public void What_isolation_lifetimes_and_terminals_need_is_looked_at_and_nothing_stays()
    {
        // What is made at the first look stays: the reactor.
        SpawnLadder.Inspect();
        var before = ProcessCounts.TakeBaseline();
        var findings = SpawnLadder.Inspect().ToDictionary(finding => finding.Name, StringComparer.Ordinal);
        Leftovers.AssertNothingLeftSoon(before);

        string[] expected = ["groups by pidfd", "own cgroup", "second stage", "user namespaces", "pseudo-terminals"];
        Assert.Superset(expected.ToHashSet(), findings.Keys.ToHashSet());
        Assert.All(findings.Values, f => Assert.Equal(f.State == FindingState.Ok, f.Cost.Length == 0));
        Assert.Equal(
            Environment.OSVersion.Version >= new Version(6, 9),
            findings["groups by pidfd"].State == FindingState.Ok
        );
    }

    [Fact]
    public void Only_posix_spawn_has_no_second_stage_and_says_what_that_costs()
    {
        var findings = Findings(SporkCli.Shell("SPORK_SPAWN=posix_spawn $SPORK doctor --json"));
        AssertMissing(findings, "second stage", "EOPNOTSUPP");
        AssertMissing(findings, "user namespaces", "EOPNOTSUPP");
    }

    [Theory]
    [InlineData("", "Ok", "")]
    [InlineData("ioctl:EACCES:1=3225485067", "Degraded", "EACCES")] // PIDFD_GET_INFO, nothing else
    [InlineData("pidfd_open:EPERM", "Degraded", "EPERM")]
    public void Whether_the_kernel_may_be_asked_for_statuses_is_tried(string refusal, string state, string detail)
    {
        Assert.SkipUnless(
            Environment.OSVersion.Version >= new Version(6, 15),
            "NOT TESTED: a refused PIDFD_GET_INFO. The kernel is older than 6.15, which is told instead."
        );
        var answer = DriverProgram.Ask(["inspect", .. (string[])(refusal.Length > 0 ? [refusal] : [])]);
        var finding = answer.GetProperty("findings").GetProperty("exit status by pidfd");
        Assert.Equal(state, finding.String("state"));
        Assert.Contains(detail, finding.String("detail"), StringComparison.Ordinal);
        Assert.Equal("exit code 8", answer.String("start"));
    }

    [Theory]
    [InlineData("", "Degraded", "come from the pidfd")]
    [InlineData("ioctl:EACCES:1=3225485067", "Missing", "are lost")]
    public void With_SIGCHLD_ignored_what_happens_to_statuses_is_told_as_it_is(
        string refusal,
        string state,
        string cost
    )
    {
        if (Environment.OSVersion.Version < new Version(6, 15))
        {
            (state, cost) = ("Missing", "are lost");
        }

        string[] refusals = refusal.Length > 0 ? [refusal] : [];
        var answer = DriverProgram.Ask(["ignoring-sigchld", DriverProgram.Executable, "inspect", .. refusals]);
        var finding = answer.GetProperty("findings").GetProperty("SIGCHLD");
        Assert.Equal(state, finding.String("state"));
        Assert.Contains($"exit statuses {cost}", finding.String("cost"), StringComparison.Ordinal);

        // And so it is.
        var lost = answer.String("start").Contains("lost", StringComparison.Ordinal);
        Assert.Equal(state == "Missing", lost);
    }

    [Theory]
    [InlineData("", "may come from the pidfd")]
    [InlineData("ioctl:EACCES:1=3225485067", "may be lost")]
    public void As_pid_1_what_may_happen_to_statuses_is_told_as_it_is(string refusal, string cost)
    {
        var unshare = Tools.FindOrSkip("unshare", "doctor as pid 1");
        string[] namespaces = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
        var allowed = ToolRun.Of(unshare, [.. namespaces, "/bin/true"]).Code == 0;
        Assert.SkipUnless(allowed, "NOT TESTED: doctor as pid 1. User namespaces are not allowed here.");
        string[] refusals = refusal.Length > 0 ? [refusal] : [];
        var answer = DriverProgram.Ask([], unshare, [.. namespaces, DriverProgram.Executable, "inspect", .. refusals]);
        var expected = Environment.OSVersion.Version >= new Version(6, 15) ? cost : "may be lost";
        var finding = answer.GetProperty("findings").GetProperty("pid");
        Assert.Equal("Degraded", finding.String("state"));
        Assert.Contains(expected, finding.String("cost"), StringComparison.Ordinal);
    }

    [Fact]
    public void Forbidden_user_namespaces_are_found_out()
    {
        var unshare = Unshare("user namespaces that are forbidden");
        var findings = Findings(
            SporkCli.Shell(
                $"{unshare} sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec '\"$SPORK\"' doctor --json'"
            )
        );
        AssertMissing(findings, "user namespaces", "ENOSPC");
        Assert.Equal("ok", findings["second stage"].GetProperty("state").GetString());
    }

    [Fact]
    public void A_machine_without_pseudo_terminals_is_found_out()
    {
        var unshare = Unshare("a machine without /dev/ptmx");
        var findings = Findings(
            SporkCli.Shell($"{unshare} sh -c 'mount --bind /dev/null /dev/ptmx && exec '\"$SPORK\"' doctor --json'")
        );
        AssertMissing(findings, "pseudo-terminals", "/dev/ptmx");
    }

    [Fact]
    public void A_cgroup_that_may_not_be_written_is_found_out()
    {
        var unshare = Unshare("a cgroup that may not be written");
        var mount = CgroupMount.Find();
        Assert.SkipWhen(mount is null, "NOT TESTED: a cgroup that may not be written. There is no cgroup v2 here.");
        var findings = Findings(
            SporkCli.Shell(
                $"{unshare} sh -c 'mount --bind {mount} {mount} && mount -o remount,bind,ro {mount} && exec '\"$SPORK\"' doctor --json'"
            )
        );
        AssertMissing(findings, "own cgroup", "none can be made");
    }

    // In namespaces of its own, where root may forbid what it likes.
    private static string Unshare(string notTested)
    {
        var unshare = Tools.FindOrSkip("unshare", notTested);
        var allowed = SporkCli.Shell($"{unshare} --user --map-root-user --mount true").Code == 0;
        Assert.SkipWhen(!allowed, $"NOT TESTED: {notTested}. User namespaces are not allowed here.");
        return $"{unshare} --user --map-root-user --mount";
    }

    private static Dictionary<string, JsonElement> Findings(ToolRun run)
    {
        Assert.True(run.Code == 0, run.Output + run.Errors);
        using var json = JsonDocument.Parse(run.Output);
        return json
            .RootElement.GetProperty("findings")
            .EnumerateArray()
            .ToDictionary(
                finding => finding.GetProperty("name").GetString()!,
                finding => finding.Clone(),
                StringComparer.Ordinal
            );
    }

    private static void AssertMissing(Dictionary<string, JsonElement> findings, string name, string detail)
    {
        Assert.Equal("missing", findings[name].GetProperty("state").GetString());
        Assert.Contains(detail, findings[name].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("", findings[name].GetProperty("cost").GetString());
    }
}
