using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary><c>--user</c> and its kin reach the command, and what is wrong with them is one line.</summary>
public class RunIsolationTests
{
    [Theory]
    [InlineData("--user 65534:65534 --groups 7,8", "id -u; id -g; id -G", "65534\n65534\n65534 7 8")]
    [InlineData("--user nobody --groups root", "id -un; id -G | tr ' ' '\\n' | sort -n | head -1", "nobody\n0")]
    [InlineData("--cap kill,CAP_NET_RAW", "grep CapEff /proc/self/status", "CapEff:\t0000000000002020")]
    [InlineData("--cap none", "grep CapBnd /proc/self/status", "CapBnd:\t0000000000000000")]
    [InlineData("--unshare pid,uts --hostname inside", "echo $$; uname -n", "1\ninside")]
    [InlineData("--map-root --unshare net", "id -u; cat /proc/self/uid_map | wc -l", "0\n1")]
    [InlineData("--chroot /", "pwd", "/")]
    public void Options_of_root_reach_the_command(string options, string script, string output)
    {
        RootOnly.Skip($"spork run {options}");
        Promise.Succeeded(SporkCli.Run(["run", .. options.Split(' '), "--", "sh", "-c", script]), output + "\n");
    }

    [Theory]
    [InlineData("--no-new-privs", "grep NoNewPrivs /proc/self/status", "NoNewPrivs:\t1")]
    [InlineData("--oom-score-adj 876", "cat /proc/self/oom_score_adj", "876")]
    [InlineData("--sched batch --ioprio be:7", "cut -d' ' -f41 /proc/self/stat", "3")]
    public void Options_of_everybody_reach_the_command(string options, string script, string output) =>
        Promise.Succeeded(SporkCli.Run(["run", .. options.Split(' '), "--", "sh", "-c", script]), output + "\n");

    [Theory]
    [InlineData("--user", ":x", "write USER or USER:GROUP")]
    [InlineData("--cap", "flying", "'flying' is no capability")]
    [InlineData("--cap", "kill,-net_raw", "not both")]
    [InlineData("--unshare", "mnt,moon", "'moon' is none of mnt, net")]
    [InlineData("--ioprio", "be:9", "is not a whole number from 0 to 7")]
    [InlineData("--ioprio", "fast", "none of rt, be, idle")]
    [InlineData("--sched", "deadline", "none of other, batch")]
    [InlineData("--hostname", "", "--hostname \"\": ")]
    [InlineData(
        "--hostname",
        "a-name-of-more-than-sixty-four-bytes-which-is-all-that-a-host-name-may-have",
        "--hostname a-name-of-more-than-sixty-four-bytes-which-is-all-that-a-host-name-may-have: A host name has 1 to 64"
    )]
    [InlineData("--sched", "fifo:0", "--sched fifo:0: Under")]
    [InlineData("--sched", "fifo:0", "from 1 to 99")]
    [InlineData("--sched", "rr:500", "--sched rr:500: '500' is not")]
    [InlineData("--ioprio", "be:9", "--ioprio be:9: '9' is not")]
    [InlineData("--oom-score-adj", "2000", "-1000 to 1000")]
    public void What_is_wrong_is_said_in_one_line(string option, string value, string line)
    {
        var run = SporkCli.Run("run", option, value, "true");
        Assert.Equal(125, run.Code);
        Assert.Contains(line, run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void A_hint_names_options_and_not_methods_of_the_library()
    {
        var setpriv = Tools.FindOrSkip("setpriv", "hints to a plain user");
        var run = SporkCli.Shell(
            Environment.IsPrivilegedProcess
                ? $"{setpriv} --bounding-set -all --inh-caps -all --ambient-caps -all -- $SPORK run --hostname x true"
                : "$SPORK run --hostname x true"
        );
        Assert.Equal(125, run.Code);
        Assert.Contains("(--map-root)", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("With", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Become_the_command_and_another_user_contradict_each_other()
    {
        var run = SporkCli.Run("run", "--exec", "--user", "nobody", "true");
        Assert.Equal(125, run.Code);
        Assert.Contains("--exec and --user contradict each other", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_of_the_second_stage_that_fails_is_named()
    {
        RootOnly.Skip("--chroot");
        var run = SporkCli.Run("run", "--chroot", "/no/such/root", "true");
        Assert.Equal(125, run.Code);
        Assert.Contains("chroot(\"/no/such/root\"): ENOENT", run.Errors, StringComparison.Ordinal);
    }
}
