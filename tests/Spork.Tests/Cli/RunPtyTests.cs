using Spork.Tests.Spawning.Terminals;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary><c>spork run --pty</c>: behind pipes, and at a terminal, which is another pseudo-terminal of ours.</summary>
public class RunPtyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_piped_in_is_typed_without_echo_and_ends_with_its_end()
    {
        var run = SporkCli.Shell("echo hi | $SPORK run --pty -- cat");
        Assert.Equal((0, "hi\r\n", ""), (run.Code, run.Output, run.Errors));
    }

    [Fact]
    public void An_unfinished_last_line_is_handed_over_too()
    {
        var run = SporkCli.Shell("printf 'a\\nb' | $SPORK run --pty -- cat");
        Assert.Equal((0, "a\r\nb"), (run.Code, run.Output));
    }

    [Fact]
    public void Without_any_input_the_command_reads_an_end() =>
        Assert.Equal(0, SporkCli.Shell("$SPORK run --pty -- cat <&-").Code);

    [Fact]
    public void Many_lines_piped_through_are_all_there()
    {
        var run = SporkCli.Shell(
            "seq 1 100000 | $SPORK run --pty -- sh -c 'cat; exit 3' | tr -d '\\r' | cksum; echo ${PIPESTATUS[1]}; seq 1 100000 | cksum"
        );
        var lines = run.Output.Split('\n');
        Assert.Equal(("3", lines[0]), (lines[1], lines[2]));
    }

    [Fact]
    public void The_command_has_a_terminal_of_the_size_asked_for_and_its_exit_code_is_spork_s()
    {
        var run = SporkCli.Shell("$SPORK run --pty --size 31x101 -- sh -c 'stty size; test -t 2 && exit 7' </dev/null");
        Assert.Equal((7, "31 101\r\n", ""), (run.Code, run.Output, run.Errors));
    }

    [Fact]
    public void A_stream_that_an_option_names_is_not_the_terminal()
    {
        using var directory = new TempDirectory();
        var file = directory["errors"];
        var run = SporkCli.Shell(
            $"$SPORK run --pty --stderr {file} -- sh -c 'tty >&2; test -t 1 && ! test -t 2 && echo yes' </dev/null"
        );
        Assert.Equal((0, "yes\r\n"), (run.Code, run.Output));
        Assert.StartsWith("/dev/pts/", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void When_nobody_reads_on_the_terminal_is_hung_up()
    {
        var run = SporkCli.Shell("$SPORK run --pty -- yes </dev/null | head -n 1; echo ${PIPESTATUS[0]}");
        Assert.Equal(("y\r\n129\n", ""), (run.Output, run.Errors));
    }

    [Fact]
    public void A_full_disk_behind_standard_output_is_said_in_one_line()
    {
        var run = SporkCli.Shell(
            "$SPORK run --pty -- sleep 60 </dev/null >/dev/full & $SPORK run --pty -- yes >/dev/full </dev/null; echo $?; kill %1"
        );
        Assert.StartsWith("129\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("spork: the command's output cannot be shown", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--pty and --session", "--pty", "--session")]
    [InlineData("--pty and --process-group", "--pty", "--process-group")]
    [InlineData("--pty and --exec", "--pty", "--exec")]
    [InlineData("--size means nothing without --pty", "--size", "3x3")]
    [InlineData("--size 3: write rows", "--pty", "--size", "3")]
    [InlineData("--size 0x80: write rows", "--pty", "--size", "0x80")]
    public void What_contradicts_it_is_refused(string message, params string[] options)
    {
        var run = SporkCli.Run(["run", .. options, "--", "true"]);
        Assert.Equal(125, run.Code);
        Assert.StartsWith($"spork: {message}", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_terminal_is_raw_meanwhile_and_as_before_afterwards()
    {
        using var outer = At("--pty -- sh -c 'echo ready; read x; exit 4'");
        var screen = new Screen(outer.Terminal!);
        await screen.WaitForAsync("ready");
        Assert.False(outer.Terminal!.IsCanonical || outer.Terminal.Echo);
        await screen.TypeAsync("\r");
        Assert.Equal(4, (await outer.WaitAsync(Token)).Code);
        Assert.True(outer.Terminal.IsCanonical && outer.Terminal.Echo);
    }

    [Theory]
    [InlineData("\x03", 130)]
    [InlineData("\x1c", 131)]
    public async Task Ctrl_C_is_the_command_s_byte_and_its_end_ours(string key, int code)
    {
        using var outer = At("--pty -- sh -c 'ulimit -c 0; echo ready; exec sleep 60'");
        var screen = new Screen(outer.Terminal!);
        await screen.WaitForAsync("ready");
        await screen.TypeAsync(key);
        Assert.Equal(code, (await outer.WaitAsync(Token)).Code);
        Assert.True(outer.Terminal!.IsCanonical && outer.Terminal.Echo);
    }

    [Fact]
    public async Task The_command_s_window_follows_ours()
    {
        using var outer = At(
            "--pty -- sh -c 'trap \"stty size; exit 9\" WINCH; stty size; while :; do read x; done'",
            new TerminalSize(20, 60)
        );
        var screen = new Screen(outer.Terminal!);
        await screen.WaitForAsync("20 60");
        outer.Terminal!.Resize(25, 90);
        await screen.WaitForAsync("25 90");
        Assert.Equal(9, (await outer.WaitAsync(Token)).Code);
    }

    [Theory]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGINT", 130)]
    [InlineData("SIGHUP", 129)]
    public async Task A_signal_to_spork_ends_the_command_and_the_terminal_is_as_before(string name, int code)
    {
        using var outer = At("--pty -- sh -c 'echo ready; exec sleep 60'");
        await new Screen(outer.Terminal!).WaitForAsync("ready");
        Assert.True(Signal.TryParse(name, out var signal));
        outer.SendSignal(signal);
        Assert.Equal(code, (await outer.WaitAsync(Token)).Code);
        Assert.True(outer.Terminal!.IsCanonical && outer.Terminal.Echo);
    }

    [Fact]
    public async Task A_command_that_cannot_be_started_leaves_the_terminal_as_it_was()
    {
        using var outer = At("--pty -- /no/such/program");
        await new Screen(outer.Terminal!).WaitForAsync("ENOENT");
        Assert.Equal(127, (await outer.WaitAsync(Token)).Code);
        Assert.True(outer.Terminal!.IsCanonical && outer.Terminal.Echo);
    }

    [Fact]
    public async Task Stopped_by_kill_it_gives_the_terminal_back_and_takes_it_again()
    {
        var bash = Tools.FindOrSkip("bash", "spork run --pty as a stopped job");
        using var outer = new Command(bash, "--norc", "--noprofile", "--noediting", "-i")
            .WithEnvironmentVariable("PS1", "prompt> ")
            .StartInTerminal();
        var terminal = outer.Terminal!;
        var screen = new Screen(terminal);
        await screen.WaitForAsync("prompt> ");
        await screen.TypeAsync($"{SporkCli.Line} run --pty -- sh -c 'echo rea''dy; read x; echo got $x; exit 4'\n");
        await screen.WaitForAsync("ready");
        Waiting.For(() => !terminal.IsCanonical, "the raw terminal");
        using (var job = PidFd.Open(terminal.ForegroundProcessGroup!.Value))
        {
            job.Send(Signal.SIGTSTP);
            await screen.WaitForAsync("Stopped");
            await screen.WaitForAsync("prompt> ");
            Assert.True(terminal.IsCanonical && terminal.Echo);
            await screen.TypeAsync("fg\n");
            Waiting.For(() => !terminal.IsCanonical, "the raw terminal again");
        }

        await screen.TypeAsync("words\r");
        await screen.WaitForAsync("got words");
        await screen.WaitForAsync("prompt> ");
        await screen.TypeAsync("echo status=$?; exit\n");
        await screen.WaitForAsync("status=4");
    }

    private static ChildProcess At(string words, TerminalSize? size = null) =>
        new Command("sh", "-c", $"exec {SporkCli.Line} run {words}").StartInTerminal(size, Token);
}
