using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A helper process becomes the program, or stays exactly what it was.</summary>
public class ExecInPlaceTests
{
    [Theory]
    [InlineData("exec")]
    [InlineData("exec-from-pool")]
    public void The_process_keeps_its_pid_and_is_everything_else_the_command_says(string verb)
    {
        using var directory = new TempDirectory();
        var file = directory.Write("file", "");
        string[] options =
        [
            "cwd",
            directory.Path,
            "env",
            "SPORK_IN_PLACE:yes",
            "env",
            "HOME",
            "umask",
            "027",
            "nice",
            "19",
            "affinity",
            "0",
            "limit",
            "CoreSize:0:0",
            "limit",
            "OpenFiles:50:60",
            "append",
            $"30:{file}",
            "session",
            "-",
        ];
        const string Script =
            "pwd -P; echo $SPORK_IN_PLACE ${HOME-unset}; ulimit -c; ulimit -n; ls -l /proc/$$/fd | sed -n 's/.* \\([0-9]* -> .*\\)/\\1/p' | grep -v pipe:; exec cat /proc/$$/status /proc/$$/stat";
        // A process group's leader may not begin a session: the helper is none, it is in this process's group.
        var helper = new Command(DummyProgram.Executable, ["spork", verb, .. options, "--", "sh", "-c", Script]);
        var lines = Capture.Text(helper.WithStandardInput(Stdio.Null).WithStandardError(Stdio.Null)).Split('\n');
        Assert.Equal([directory.Path, "yes unset", "0", "50"], lines[1..5]);
        var descriptors = lines[5..].TakeWhile(l => l.Contains(" -> ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["0", "1", "2", "30"], descriptors.Select(d => d.Split(' ')[0]));
        Assert.EndsWith(file, descriptors[3], StringComparison.Ordinal);
        var view = ChildView.Of(string.Join('\n', lines[(5 + descriptors.Length)..]));
        Assert.Equal(lines[0], $"pid={view.Id}");
        Assert.Equal(("0027", 19, "0", view.Id), (view.Umask, view.Nice, view.Processors, view.Session));
        // Read by the program itself: dash blocks every signal while it makes a child (seen when that child was faster).
        Assert.Equal((0UL, 0UL), (view.Ignored, view.Blocked));
    }

    [Fact]
    public void The_program_in_place_dies_of_SIGPIPE_and_blocks_nothing()
    {
        var text = Capture.Text(
            new Command(DummyProgram.Executable, "spork", "exec", "--", "cat", "/proc/self/status", "/proc/self/stat")
        );
        var view = ChildView.Of(text[(text.IndexOf('\n') + 1)..]);
        Assert.Equal((0UL, 0UL, 0UL), (view.Blocked, view.Ignored, view.Caught));
        Assert.StartsWith($"pid={view.Id}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_own_mask_and_ignored_signals_arrive()
    {
        var text = Capture.Text(
            new Command(
                DummyProgram.Executable,
                "spork",
                "exec",
                "mask",
                "SIGTERM",
                "ignore",
                "SIGHUP",
                "--",
                "cat",
                "/proc/self/status",
                "/proc/self/stat"
            )
        );
        var view = ChildView.Of(text[(text.IndexOf('\n') + 1)..]);
        Assert.Equal((ChildView.Bit(Signal.SIGTERM), ChildView.Bit(Signal.SIGHUP)), (view.Blocked, view.Ignored));
    }

    [Fact]
    public void The_status_of_the_program_is_the_status_of_the_process()
    {
        var helper = new Command(DummyProgram.Executable, "spork", "exec", "--", "sh", "-c", "kill -USR1 $$");
        Assert.Equal(Signal.SIGUSR1, helper.WithStandardOutput(Stdio.Null).Run().Signal);
    }

    [Fact]
    public void A_failure_in_the_end_names_the_step_and_leaves_the_process_as_it_was()
    {
        using var directory = new TempDirectory();
        // Everything that can be undone; the soft limit, since a hard one comes back for root only.
        string[] options =
        [
            "cwd",
            directory.Path,
            "umask",
            "077",
            "nice",
            "19",
            "affinity",
            "0",
            "ignore",
            "SIGHUP",
            "mask",
            "SIGTERM",
            "limit",
            "StackSize:1048576:" + HardStack(),
            "append",
            $"0:{directory["made"]}",
            "descriptor",
            "40:2",
        ];
        var run = ToolRun.Of(DummyProgram.Executable, ["spork", "exec-fails", .. options, "--", "/no/such/program"]);
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.EndsWith("alive\n", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("changed=", run.Output, StringComparison.Ordinal);
        // With clone(2) a child resets more signals than this process has to: the numbers of Explain() are not its own.
        var call = SpawnLadder.Current == "clone3" ? "execve(\"/no/such/program\"" : "";
        PlainUser.CheckFailure(Reported(run), "execve", "ENOENT", "/no/such/program", call);
    }

    [Theory]
    [InlineData("cwd", "/nowhere", "chdir", "ENOENT", "/nowhere", "chdir(\"/nowhere\")")]
    [InlineData("read", "5:/no/such", "open", "ENOENT", "/no/such", "openat(AT_FDCWD, \"/no/such\"")]
    [InlineData("descriptor", "5:987", "dup3", "EBADF", "987 to 5", "dup3(987, 5, 0)")]
    [InlineData("group", "2147483647", "setpgid", "EPERM", "group 2147483647", "setpgid(0, 2147483647)")]
    public void A_failure_on_the_way_names_the_step(
        string option,
        string value,
        string step,
        string errno,
        string subject,
        string call
    )
    {
        var run = ToolRun.Of(DummyProgram.Executable, "spork", "exec-fails", option, value, "--", "true");
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.DoesNotContain("changed=", run.Output, StringComparison.Ordinal);
        PlainUser.CheckFailure(Reported(run), step, errno, subject, call);
    }

    private static ToolRun Reported(ToolRun run) =>
        run with
        {
            Code = 99,
            Output = run.Output.Replace("alive\n", "", StringComparison.Ordinal),
        };

    private static string HardStack() =>
        File.ReadLines("/proc/self/limits")
            .Single(l => l.StartsWith("Max stack", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
}
