using Spork.Tests.Support;

namespace Spork.Tests.Cli;

public class RunExitCodeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(124)]
    [InlineData(255)]
    public void The_command_s_exit_code_becomes_spork_s(int code)
    {
        var run = SporkCli.Run("run", "--", "sh", "-c", $"exit {code}");
        Assert.Equal((code, "", ""), (run.Code, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    [InlineData("SEGV", 139)]
    public void A_death_by_signal_n_ends_128_plus_n(string signal, int code) =>
        Assert.Equal(code, SporkCli.Run("run", "--limit", "core=0", "--", "sh", "-c", $"kill -{signal} $$").Code);

    [Fact]
    public void A_program_that_is_nowhere_ends_127() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--", "no-such-program"), 127, "'no-such-program'", "ENOENT");

    [Fact]
    public void A_path_that_is_not_there_ends_127() =>
        Promise.OneErrorLine(SporkCli.Run("run", "/no/such/program"), 127, "/no/such/program", "ENOENT");

    [Theory]
    [InlineData("no-such-program", 127)]
    [InlineData("/no/such/program", 127)]
    [InlineData("/etc/passwd", 126)]
    [InlineData("--cwd /nowhere true", 125)]
    public void In_place_of_spork_itself_the_codes_are_the_same(string words, int code) =>
        Promise.OneErrorLine(SporkCli.Run(["run", "--exec", .. words.Split(' ')]), code, "cannot start");

    [Fact]
    public void A_file_that_is_not_executable_ends_126()
    {
        using var directory = new TempDirectory();
        directory.Write("README.md", "# not a program\n");
        var run = SporkCli.Run(start => start.WorkingDirectory = directory.Path, "run", "--", "./README.md");
        Promise.OneErrorLine(run, 126, "./README.md", "EACCES");
    }

    [Fact]
    public void An_executable_file_of_no_known_format_ends_126()
    {
        using var directory = new TempDirectory();
        var path = directory.Write("blob", "neither ELF nor script", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Promise.OneErrorLine(SporkCli.Run("run", "--", path), 126, path, "ENOEXEC");
    }

    [Fact]
    public void A_script_whose_interpreter_is_missing_was_found_and_ends_126()
    {
        using var directory = new TempDirectory();
        var path = directory.Write("script", "#!/no/such/shell\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Promise.OneErrorLine(SporkCli.Run("run", "--", path), 126, path, "/no/such/shell");
    }

    [Fact]
    public void A_script_with_windows_line_ends_is_explained_and_ends_126()
    {
        using var directory = new TempDirectory();
        var path = directory.Write("script", "#!/bin/sh\r\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Promise.OneErrorLine(SporkCli.Run("run", "--", path), 126, path, "CR");
    }

    [Fact]
    public void A_missing_working_directory_is_named_and_ends_125() =>
        Promise.OneErrorLine(
            SporkCli.Run("run", "--cwd", "/nowhere", "--", "true"),
            125,
            "'true'",
            "chdir",
            "\"/nowhere\"",
            "ENOENT"
        );

    [Fact]
    public void A_command_too_long_for_the_kernel_is_spork_s_failure()
    {
        // MAX_ARG_STRLEN is 128 KiB for a single string; Process can hand us no longer one, so the environment does it.
        string[] words = ["run", "--argv0", new string('x', 100_000)];
        var many = Enumerable.Range(0, 15).SelectMany(i => (string[])["--env", $"BIG{i}={new string('y', 100_000)}"]);
        var run = SporkCli.Run([.. words, "--limit", "stack=1M", .. many, "--", "true"]);
        Assert.Equal(125, run.Code);
        Assert.Contains("E2BIG", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cwd /nowhere true", "create it or give another --cwd")]
    [InlineData("--cwd /etc/passwd true", "--cwd needs a directory")]
    [InlineData("--cpus 8191 true", "nproc --all")]
    public void A_failed_step_names_the_option_that_helps(string words, string advice) =>
        Promise.OneErrorLine(SporkCli.Run(["run", .. words.Split(' ')]), 125, advice);

    [Theory]
    [InlineData("--nice -5", "use a higher --nice")]
    [InlineData("--limit nofile=2000", "stay below the hard limit")]
    public void A_step_without_the_privilege_names_the_way_out(string option, string advice)
    {
        var user = "";
        if (Environment.IsPrivilegedProcess)
        {
            var setpriv = Tools.FindOrSkip("setpriv", "advice for a plain user");
            user = $"{setpriv} --reuid 65534 --regid 65534 --clear-groups --inh-caps -all --bounding-set -all -- ";
        }

        Promise.OneErrorLine(
            SporkCli.Shell($"ulimit -n 1000; {user}$SPORK run {option} -- true"),
            125,
            "privileges",
            advice
        );
    }
}
