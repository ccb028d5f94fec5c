using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>Interactive programs under <c>spork run --pty</c> in a real window: typed at, drawn, resized.</summary>
public class RunTmuxTests
{
    [Fact]
    public void A_shell_edits_lines_runs_jobs_and_learns_the_window_s_new_size()
    {
        var bash = Tools.FindOrSkip("bash", "a shell in a window");
        using var window = new Tmux(Script($"{bash} --norc --noprofile -i"), 80, 24);
        window.WaitFor("prompt>");
        window.Type("echo $((6 * 70))", "Left", "Left", "BSpace", "5", "Enter");
        window.WaitFor("450\n");
        window.Type("clear; stty size", "Enter");
        window.WaitFor("24 80");
        window.Type("sh -c 'echo star\"\"ted; exec cat'", "Enter");
        window.WaitFor("started\n");
        window.Type("one", "Enter");
        window.WaitFor("one\none\n");
        window.Type("C-z");
        window.WaitFor("Stopped");
        window.Type("fg", "Enter");
        window.WaitFor(screen => screen.Split("exec cat").Length >= 4, "the job in front again");
        window.Type("two", "Enter");
        window.WaitFor("two\ntwo\n");
        window.Type("C-c");

        // What is typed before the shell's editor is back would be read by nobody.
        window.WaitFor(
            screen =>
                screen.IndexOf("^C", StringComparison.Ordinal) is > 0 and var key
                && screen.LastIndexOf("prompt>", StringComparison.Ordinal) > key,
            "the prompt after Ctrl-C"
        );
        window.Type("echo status is $?", "Enter");
        window.WaitFor("status is 130");
        window.Resize(100, 30);
        window.Type("clear", "Enter");
        window.Type("stty size", "Enter");
        window.WaitFor("30 100");
        window.Type("exit 6", "Enter");
        window.WaitFor("ended with 6, settings as before");
    }

    [Fact]
    public void Less_scrolls_redraws_after_a_resize_and_quits()
    {
        var less = Tools.FindOrSkip("less", "a pager in a window");
        using var directory = new TempDirectory();
        var file = directory.Write("file", string.Concat(Enumerable.Range(1, 500).Select(i => $"this is line {i}\n")));
        using var window = new Tmux(Script($"{less} {file}"), 80, 24);
        window.WaitFor("this is line 23\n");
        window.Type("Space");
        window.WaitFor("this is line 46\n");
        window.Type("G");
        window.WaitFor("this is line 500\n");
        window.Type("g");
        Assert.DoesNotContain("line 24\n", window.WaitFor("this is line 1\n"), StringComparison.Ordinal);
        window.Resize(80, 40);
        window.WaitFor("this is line 39\n");
        window.Type("/line 77", "Enter");
        window.WaitFor("this is line 77\n");
        window.Type("q");
        window.WaitFor("ended with 0, settings as before");
    }

    [Fact]
    public void A_password_is_not_shown()
    {
        using var window = new Tmux(
            Script("sh -c 'stty -echo; printf \"Password: \"; read x; stty echo; echo; echo \"got ${#x}\"'"),
            80,
            24
        );
        window.WaitFor("Password:");
        window.Type("hunter2", "Enter");
        var screen = window.WaitFor("ended with 0, settings as before");
        Assert.Contains("got 7", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_screen_within_the_window_belongs_to_the_program()
    {
        var vi = Tools.FindOrSkip(["vim", "vi", "nano"], "an editor in a window");
        Assert.SkipWhen(vi.EndsWith("nano", StringComparison.Ordinal), "NOT TESTED: vi's keys.");
        using var directory = new TempDirectory();
        var file = directory.Write("file", "first\n");
        using var window = new Tmux(Script($"{vi} -u NONE {file}"), 80, 24);
        window.WaitFor("first");
        window.Type("osecond", "Escape");
        window.WaitFor("second");
        window.Type(":wq", "Enter");
        window.WaitFor("ended with 0, settings as before");
        Assert.Equal("first\nsecond\n", File.ReadAllText(file));
    }

    // The shell around it sees the exit code, and the terminal as it was.
    private static string Script(string command) =>
        $"""
            export PS1='prompt> '
            before=$(stty -g)
            {SporkCli.Line} run --pty -- {command}
            code=$?
            [ "$before" = "$(stty -g)" ] && echo "ended with $code, settings as before"
            exec sleep 100

            """;
}
