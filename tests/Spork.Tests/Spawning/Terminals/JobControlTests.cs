using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Terminals;

/// <summary>Keys that are signals, shells with jobs, hang-ups, and who may have a terminal.</summary>
public class JobControlTests
{
    private static readonly TerminalSize Wide = new(24, 200);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ctrl_C_ends_what_the_shell_runs_and_not_the_shell()
    {
        using var child = InteractiveShell("sh");
        var screen = await PromptAsync(child);
        await screen.TypeAsync("echo start''ed; sleep 100\n");
        await screen.WaitForAsync("started\r\n");
        await ForegroundBecomesAsync(child, "sleep");
        await screen.TypeAsync("\x03");
        await screen.WaitForAsync("prompt> ");
        await screen.TypeAsync("echo status=$?\n");
        await screen.WaitForAsync("status=130\r\n");
        await ExitAsync(child, screen);
    }

    [Fact]
    public async Task A_signal_through_the_terminal_is_a_key_pressed()
    {
        using var child = InteractiveShell("sh");
        var screen = await PromptAsync(child);
        await screen.TypeAsync("echo start''ed; sleep 100\n");
        await screen.WaitForAsync("started\r\n");
        await ForegroundBecomesAsync(child, "sleep");
        child.Terminal!.SendSignal(Signal.SIGINT);
        await screen.WaitForAsync("prompt> ");
        await screen.TypeAsync("echo status=$?\n");
        await screen.WaitForAsync("status=130\r\n");
        Assert.Throws<ArgumentException>(() => child.Terminal.SendSignal(Signal.SIGTERM));
        await ExitAsync(child, screen);
    }

    [Fact]
    public async Task Ctrl_Z_stops_a_job_and_fg_continues_it()
    {
        var bash = Tools.FindOrSkip("bash", "job control of bash at a pseudo-terminal");
        using var child = InteractiveShell(bash, "--norc", "--noprofile", "--noediting", "-i");
        var screen = await PromptAsync(child);
        await screen.TypeAsync("sh -c 'echo star''ted; read x; echo got $x'\n");
        await screen.WaitForAsync("started\r\n");
        await ForegroundBecomesAsync(child, "sh");
        await screen.TypeAsync("\x1a");
        await screen.WaitForAsync("Stopped");
        await screen.WaitForAsync("prompt> ");
        Assert.Equal(child.Id, child.Terminal!.ForegroundProcessGroup);
        await screen.TypeAsync("fg\n");
        await ForegroundBecomesAsync(child, "sh");
        await screen.TypeAsync("words\n");
        await screen.WaitForAsync("got words\r\n");
        await screen.WaitForAsync("prompt> ");
        await ExitAsync(child, screen);
    }

    [Fact]
    public async Task Hanging_up_ends_the_program_and_what_it_runs_in_front()
    {
        var child = InteractiveShell("sh");
        var screen = await PromptAsync(child);
        await screen.TypeAsync("sh -c 'echo pid $$ found; exec sleep 100'\n");
        await screen.WaitForAsync("\r\npid ");
        var job = int.Parse((await screen.WaitForAsync(" found"))[..^" found".Length]);
        child.Terminal!.Dispose();
        var status = await child.WaitAsync(Token);
        Assert.False(status.IsSuccess);
        Waiting.For(() => OtherProcess.HasEnded(job), "the job's end");
        child.Dispose();
    }

    [Fact]
    public async Task Disposing_the_child_hangs_its_terminal_up()
    {
        var child = new Command("sleep", "100").StartInTerminal();
        var ended = child.WaitAsync(Token);
        child.Dispose();
        Assert.Equal(Signal.SIGHUP, (await ended).Signal);
        Assert.Throws<ObjectDisposedException>(() => child.Terminal!.Size);
        Assert.Throws<ObjectDisposedException>(() => child.Terminal!.Resize(1, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
            _ = await child.Terminal!.Stream.ReadAsync(new byte[1].AsMemory(), Token)
        );
    }

    [Fact]
    public async Task Hanging_up_ends_a_read_under_way()
    {
        using var terminal = PseudoTerminal.Open();
        var read = terminal.Stream.ReadAsync(new byte[1], Token).AsTask();
        await terminal.Stream.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
    }

    [Fact]
    public async Task A_second_program_is_refused_while_the_first_has_the_terminal()
    {
        using var terminal = PseudoTerminal.Open();
        using var first = new Command("cat").WithTerminal(terminal).Start(Token);
        var failure = Assert.Throws<SpawnException>(() => new Command("cat").WithTerminal(terminal).Start(Token));
        Assert.Equal(("controlling terminal", Errno.EPERM), (failure.Step, failure.Errno));
        Assert.Equal(terminal.Name, failure.Subject);
        Assert.Contains("one at a time", failure.Message, StringComparison.Ordinal);

        // The first one does not notice.
        var screen = new Screen(terminal);
        await screen.TypeAsync("hello\n");
        await screen.WaitForAsync("hello\r\nhello\r\n");
    }

    [Fact]
    public void What_contradicts_a_terminal_is_refused_where_it_is_said()
    {
        using var terminal = PseudoTerminal.Open();
        var command = new Command("true");
        Assert.Throws<ArgumentNullException>(() => command.WithTerminal(null!));
        Assert.Throws<InvalidOperationException>(() => command.WithProcessGroup().WithTerminal(terminal));
        Assert.Throws<InvalidOperationException>(() => command.WithTerminal(terminal).WithProcessGroup());
        Assert.Throws<InvalidOperationException>(() => command.WithTerminal(terminal).ExecInPlace());
        Assert.Throws<ArgumentOutOfRangeException>(() => new TerminalSize(-1, 80));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TerminalSize(24, 65536));
        Assert.Throws<NotSupportedException>(() => terminal.Stream.Position);
        terminal.Dispose();
        Assert.Throws<ObjectDisposedException>(() => command.WithTerminal(terminal).Start(Token));
    }

    private static ChildProcess InteractiveShell(string program, params string[] arguments) =>
        new Command(program, arguments.Length > 0 ? arguments : ["-i"])
            .WithEnvironmentVariable("PS1", "prompt> ")
            .WithEnvironmentVariable("ENV", null)
            .WithEnvironmentVariable("TERM", "dumb")
            .StartInTerminal(Wide, Token);

    private static async Task<Screen> PromptAsync(ChildProcess child)
    {
        var screen = new Screen(child.Terminal!);
        await screen.WaitForAsync("prompt> ");
        return screen;
    }

    // The shell gives the terminal to the job: only then is a key the job's. And not before the job's exec does the
    // key end it: dash gives the terminal away first and still catches SIGINT for its child, which forgets it (seen
    // under strace -f, where the way to exec is long).
    private static async Task ForegroundBecomesAsync(ChildProcess child, string program)
    {
        await Task.Yield();
        Waiting.For(
            () =>
                child.Terminal!.ForegroundProcessGroup is { } group
                && group != child.Id
                && OtherProcess.IsCalled(group, program),
            $"{program} in the foreground"
        );
    }

    private static async Task ExitAsync(ChildProcess child, Screen screen)
    {
        await screen.TypeAsync("exit 5\n");
        await screen.ReadToEndAsync();
        Assert.Equal(5, (await child.WaitAsync(Token)).Code);
    }
}
