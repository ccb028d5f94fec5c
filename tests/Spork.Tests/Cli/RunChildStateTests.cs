using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>What the command finds when it starts.</summary>
public class RunChildStateTests
{
    [Fact]
    public void The_child_sees_no_ignored_and_no_blocked_signal()
    {
        var run = SporkCli.Run("run", "grep", "-E", "Sig(Ign|Blk)", "/proc/self/status");
        Promise.Succeeded(run, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
    }

    [Fact]
    public void The_child_has_no_descriptor_but_0_to_2() =>
        // ls opens the folder it lists, as 3.
        Promise.Succeeded(SporkCli.Run("run", "ls", "/proc/self/fd"), "0\n1\n2\n3\n");

    [Fact]
    public void The_environment_can_be_exact() =>
        Promise.Succeeded(SporkCli.Run("run", "--clear-env", "--env", "ONLY=this", "/usr/bin/env"), "ONLY=this\n");

    [Fact]
    public void A_variable_can_be_removed() =>
        Promise.Succeeded(
            SporkCli.Run(
                start => start.Environment["GONE"] = "1",
                "run",
                "--unset-env",
                "GONE",
                "sh",
                "-c",
                "echo ${GONE-unset}"
            ),
            "unset\n"
        );

    [Theory]
    [InlineData("--umask 027", "umask", "0027")]
    [InlineData("--nice 7", "nice", "7")]
    [InlineData("--cpus 0", "nproc", "1")]
    [InlineData("--limit nofile=100:200", "ulimit -Sn; ulimit -Hn", "100\n200")]
    [InlineData("--limit fsize=64K", "ulimit -f", "128")]
    [InlineData("--limit core=0:unlimited", "ulimit -c; ulimit -Hc", "0\nunlimited")]
    [InlineData("--cwd /usr", "pwd", "/usr")]
    [InlineData("--ignore-signal TERM", "kill -TERM $$; echo alive", "alive")]
    [InlineData("--argv0 other", "echo $0", "other")]
    public void Options_reach_the_child(string options, string script, string output) =>
        Promise.Succeeded(SporkCli.Run(["run", .. options.Split(' '), "--", "sh", "-c", script]), $"{output}\n");

    [Fact]
    public void A_new_session_is_led_by_the_child() =>
        Promise.Succeeded(
            SporkCli.Run(
                "run",
                "--session",
                "sh",
                "-c",
                "cut -d' ' -f5,6 /proc/$$/stat | tr ' ' '\\n' | uniq | grep -c ^$$\\$"
            ),
            "1\n"
        );

    [Fact]
    public void A_blocked_signal_is_blocked() =>
        Promise.Succeeded(
            SporkCli.Run("run", "--block-signal", "USR1", "grep", "SigBlk", "/proc/self/status"),
            $"SigBlk:\t{(1UL << 9).ToString("x16", CultureInfo.InvariantCulture)}\n"
        );

    [Fact]
    public void Nohup_s_ignored_signal_survives_only_when_kept()
    {
        const string Script = "trap '' USR2; $SPORK run {0} grep SigIgn /proc/self/status";
        Promise.Succeeded(
            SporkCli.Shell(Script.Replace("{0}", "", StringComparison.Ordinal)),
            "SigIgn:\t0000000000000000\n"
        );
        Promise.Succeeded(
            SporkCli.Shell(Script.Replace("{0}", "--keep-ignored", StringComparison.Ordinal)),
            "SigIgn:\t0000000000000800\n"
        );
    }

    [Fact]
    public void Streams_go_to_files_and_append()
    {
        using var directory = new TempDirectory();
        var (input, output, errors) = (
            directory.Write("in", "text"),
            directory["out"],
            directory.Write("err", "old\n")
        );
        var run = SporkCli.Run(
            "run",
            "--stdin",
            input,
            "--stdout",
            output,
            "--stderr-append",
            errors,
            "--",
            "sh",
            "-c",
            "cat; echo new >&2"
        );
        Promise.Succeeded(run, "");
        Assert.Equal(("text", "old\nnew\n"), (File.ReadAllText(output), File.ReadAllText(errors)));
    }

    [Fact]
    public void Descriptors_of_the_shell_are_swapped_and_files_opened()
    {
        using var directory = new TempDirectory();
        var (file, log) = (directory.Write("file", "from a file"), directory["log"]);
        var run = SporkCli.Shell(
            $"$SPORK run --fd 1=2 --fd 2=1 --fd '5<{file}' --fd '6>>{log}' --fd 7=null -- "
                + "sh -c 'echo out; echo err >&2; cat <&5 >&6; echo lost >&7'"
        );
        Assert.Equal(("err\n", "out\n", 0), (run.Output, run.Errors, run.Code));
        Assert.Equal("from a file", File.ReadAllText(log));
    }

    [Fact]
    public void Exec_in_place_keeps_the_process() =>
        Promise.Succeeded(
            SporkCli.Shell("bash -c 'echo $$; exec $SPORK run --exec sh -c \"echo \\$\\$\"' | uniq | wc -l"),
            "1\n"
        );
}
