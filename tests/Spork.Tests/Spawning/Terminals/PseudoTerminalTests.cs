using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Terminals;

/// <summary>What a program finds at a pseudo-terminal, and what goes through one.</summary>
public class PseudoTerminalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_s_standard_streams_are_the_terminal()
    {
        using var child = Shell("tty; tty <&1; tty <&2; tty </dev/tty >/dev/null && echo all");
        var name = child.Terminal!.Name;
        Assert.StartsWith("/dev/pts/", name, StringComparison.Ordinal);
        Assert.Equal($"{name}\r\n{name}\r\n{name}\r\nall\r\n", await new Screen(child.Terminal).ReadToEndAsync());
        Assert.True((await child.WaitAsync(Token)).IsSuccess);
    }

    [Fact]
    public async Task Nothing_but_the_three_streams_is_open_in_the_program()
    {
        using var child = new Command("ls", "/proc/self/fd").StartInTerminal();

        // 3 is ls's own, for the listing.
        Assert.Equal(
            ["0", "1", "2", "3"],
            (await new Screen(child.Terminal!).ReadToEndAsync()).Split(
                (char[])[' ', '\r', '\n'],
                StringSplitOptions.RemoveEmptyEntries
            )
        );
    }

    [Fact]
    public async Task A_stream_that_the_command_names_is_not_the_terminal()
    {
        using var terminal = PseudoTerminal.Open();
        using var directory = new TempDirectory();
        var command = new Command("sh", "-c", "tty; test -t 1 || test -t 2 && echo shown >&2; tty </dev/tty")
            .WithStandardOutput(Stdio.Write(directory["output"]))
            .WithTerminal(terminal);
        using var child = command.Start(Token);
        Assert.Equal("shown\r\n", await new Screen(terminal).ReadToEndAsync());
        await child.WaitAsync(Token);
        Assert.StartsWith(
            terminal.Name,
            await File.ReadAllTextAsync(directory["output"], Token),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task It_is_the_controlling_terminal_even_where_no_stream_is()
    {
        using var terminal = PseudoTerminal.Open();
        using var child = new Command("sh", "-c", "exec >/dev/tty && echo here")
            .WithStandardInput(Stdio.Null)
            .WithStandardOutput(Stdio.Null)
            .WithStandardError(Stdio.Null)
            .WithTerminal(terminal)
            .Start(Token);

        // Between the child's steps and the shell's open nobody has it open, and a reader would see that as an end.
        Assert.True((await child.WaitAsync(Token)).IsSuccess);
        Assert.Equal("here\r\n", await new Screen(terminal).ReadToEndAsync());
    }

    [Fact]
    public async Task The_child_leads_a_session_and_its_foreground_group()
    {
        using var child = new Command("cat").StartInTerminal();
        var terminal = child.Terminal!;
        Assert.Equal((child.Id, child.Id), (terminal.Session, terminal.ForegroundProcessGroup));

        // proc_pid_stat(5): … ppid pgrp session tty_nr tpgid.
        var stat = await File.ReadAllTextAsync($"/proc/{child.Id}/stat", Token);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var id = child.Id.ToString();
        Assert.Equal((id, id, id), (fields[2], fields[3], fields[5]));

        await new Screen(terminal).TypeAsync("\x04");
        Assert.True((await child.WaitAsync(Token)).IsSuccess);
        Waiting.For(() => terminal.Session is null, "the session's end");
        Assert.Null(terminal.ForegroundProcessGroup);
    }

    [Fact]
    public async Task The_size_is_there_from_the_start_and_a_new_one_is_told_by_SIGWINCH()
    {
        using var child = new Command(
            "sh",
            "-c",
            "trap 'stty size; exit 3' WINCH; stty size; while :; do read line; done"
        ).StartInTerminal(new TerminalSize(41, 107));
        var screen = new Screen(child.Terminal!);
        await screen.WaitForAsync("41 107\r\n");
        child.Terminal!.Resize(12, 34);
        Assert.Equal(new TerminalSize(12, 34), child.Terminal.Size);

        // dash takes the trap when its read is interrupted or, at the latest, after the next line.
        await screen.TypeAsync("\n");
        await screen.WaitForAsync("12 34\r\n");
        Assert.Equal(3, (await child.WaitAsync(Token)).Code);
    }

    [Fact]
    public async Task Cooked_it_echoes_and_hands_over_edited_lines()
    {
        using var child = Shell("echo ready; read line; printf '<%s>' \"$line\"");
        var screen = new Screen(child.Terminal!);
        await screen.WaitForAsync("ready\r\n");
        Assert.True(child.Terminal!.Echo);
        Assert.True(child.Terminal.IsCanonical);

        // ä typed and erased: one erase for its two bytes.
        await screen.TypeAsync("xä\x7f\x7fhello\n");
        Assert.EndsWith("hello\r\n<hello>", await screen.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raw_it_hands_over_every_byte_and_shows_none()
    {
        using var terminal = PseudoTerminal.Open();
        terminal.SetRaw();
        Assert.False(terminal.Echo || terminal.IsCanonical);
        using var child = new Command("sh", "-c", "echo; head -c 6 | od -An -tx1").WithTerminal(terminal).Start(Token);
        var screen = new Screen(terminal);
        await screen.WaitForAsync("\n");
        await terminal.Stream.WriteAsync(new byte[] { 0x03, 0x1a, 0x04, 0x0d, 0x00, 0xff }, Token);
        Assert.Equal(" 03 1a 04 0d 00 ff\n", await screen.ReadToEndAsync());
        Assert.True((await child.WaitAsync(Token)).IsSuccess);
    }

    [Fact]
    public async Task Back_in_cooked_mode_it_is_as_it_began()
    {
        using var terminal = PseudoTerminal.Open();
        var describe = new Command("stty", "-a").WithTerminal(terminal);
        var before = await Show(describe, terminal);
        terminal.SetRaw();
        Assert.NotEqual(before, await Show(describe, terminal));
        terminal.SetCooked();
        Assert.Equal(before, await Show(describe, terminal));
    }

    [Fact]
    public async Task A_password_prompt_is_recognised_and_the_secret_not_shown()
    {
        using var child = Shell("stty -echo; printf 'Password: '; read x; stty echo; echo; echo \"got ${#x}\"; cat");
        var screen = new Screen(child.Terminal!);
        await screen.WaitForAsync("Password: ");
        Assert.False(child.Terminal!.Echo);
        await screen.TypeAsync("hunter2\n");
        Assert.Equal("\r\ngot 7\r\n", await screen.WaitForAsync("got 7\r\n"));
        Assert.True(child.Terminal.Echo);
    }

    [Fact]
    public void Echo_can_be_switched_from_this_end()
    {
        using var terminal = PseudoTerminal.Open();
        terminal.Echo = false;
        Assert.False(terminal.Echo);
        Assert.True(terminal.IsCanonical);
        terminal.Echo = true;
        Assert.True(terminal.Echo);
    }

    [Fact]
    public async Task Ten_megabytes_come_through_unchanged_to_the_last_byte()
    {
        using var directory = new TempDirectory();
        var bytes = RandomNumberGenerator.GetBytes(10_000_000);
        await File.WriteAllBytesAsync(directory["bytes"], bytes, Token);
        using var terminal = PseudoTerminal.Open();
        terminal.SetRaw();
        using var child = new Command("cat", directory["bytes"]).WithTerminal(terminal).Start(Token);
        using var copy = new MemoryStream();
        await terminal.Stream.CopyToAsync(copy, Token);
        AssertSame(bytes, copy.GetBuffer().AsSpan(0, (int)copy.Length));
        Assert.True((await child.WaitAsync(Token)).IsSuccess);
    }

    [Fact]
    public async Task Ten_megabytes_typed_and_shown_at_once_both_arrive()
    {
        var bytes = RandomNumberGenerator.GetBytes(10_000_000);
        using var terminal = PseudoTerminal.Open();
        terminal.SetRaw();
        using var child = new Command("head", "-c", $"{bytes.Length}").WithTerminal(terminal).Start(Token);
        var typing = terminal.Stream.WriteAsync(bytes, Token).AsTask();
        using var copy = new MemoryStream();
        await terminal.Stream.CopyToAsync(copy, Token);
        await typing;
        AssertSame(bytes, copy.GetBuffer().AsSpan(0, (int)copy.Length));
    }

    private static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var same = expected.CommonPrefixLength(actual);
        Assert.True(
            same == expected.Length && same == actual.Length,
            $"{actual.Length} bytes came of {expected.Length}; the first {same} are right"
        );
    }

    [Fact]
    public async Task What_was_written_just_before_the_end_is_never_lost()
    {
        for (var i = 0; i < 200; i++)
        {
            using var child = new Command("printf", $"%0{1 + (i * 40)}d", "7").StartInTerminal();
            using var copy = new MemoryStream();
            if (i % 2 == 0)
            {
                // Nobody reads until it has ended; so no more than the terminal holds.
                await child.WaitAsync(Token);
            }

            await child.Terminal!.CopyOutputAsync(copy, child, Token);
            Assert.Equal(1 + (i * 40), copy.Length);
        }
    }

    [Fact]
    public async Task Copying_ends_with_the_program_though_a_descendant_keeps_the_terminal()
    {
        using var child = Shell("(trap '' HUP; exec sh -c 'echo pid $$; exec sleep 60') & read go; echo last");
        var screen = new Screen(child.Terminal!);
        await screen.WaitForAsync("pid ");
        var descendant = int.Parse((await screen.WaitForAsync("\r\n")).Trim());
        await screen.TypeAsync("\n");
        using var copy = new MemoryStream();
        await child.Terminal!.CopyOutputAsync(copy, child, Token);
        Assert.EndsWith("last\r\n", Encoding.UTF8.GetString(copy.ToArray()), StringComparison.Ordinal);
        Assert.True(child.HasExited);

        // Nothing there and no end: that comes with the descendant's.
        Assert.False(child.Terminal.TryRead(new byte[1], out _));
        Process.GetProcessById(descendant).Kill();
        Assert.Equal(0, await child.Terminal.Stream.ReadAsync(new byte[1], Token));
    }

    [Fact]
    public async Task Reading_and_writing_through_pipes_works_as_well()
    {
        using var child = new Command("head", "-n", "1").StartInTerminal();
        child.Terminal!.Echo = false;
        await child.Terminal.Writer.WriteAsync("a line\n"u8.ToArray(), Token);
        System.IO.Pipelines.ReadResult read;
        while (!(read = await child.Terminal.Reader.ReadAsync(Token)).IsCompleted)
        {
            child.Terminal.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }

        Assert.Equal("a line\r\n", Encoding.UTF8.GetString(read.Buffer));
        child.Terminal.Reader.AdvanceTo(read.Buffer.End);
    }

    [Fact]
    public async Task One_terminal_serves_one_program_after_the_other()
    {
        using var terminal = PseudoTerminal.Open();
        var command = new Command("tty").WithTerminal(terminal);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal($"{terminal.Name}\n", await Show(command, terminal));
        }
    }

    [Fact]
    public async Task Every_way_of_starting_gives_the_terminal()
    {
        using var terminal = PseudoTerminal.Open();
        var command = new Command("tty").WithTerminal(terminal);
        Assert.True(command.Run(Token).IsSuccess);
        Assert.Equal($"{terminal.Name}\r\n", await new Screen(terminal).ReadToEndAsync());
        Assert.True((await command.RunAsync(Token)).IsSuccess);
        Assert.Equal($"{terminal.Name}\r\n", await new Screen(terminal).ReadToEndAsync());
        using (var child = await new Command("tty").StartInTerminalAsync(cancellationToken: Token))
        {
            Assert.Equal($"{child.Terminal!.Name}\r\n", await new Screen(child.Terminal).ReadToEndAsync());
        }

        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: gated: posix_spawn has no gate.");
        using var gated = command.StartGated();
        using var released = gated.Release();
        Assert.Equal($"{terminal.Name}\r\n", await new Screen(terminal).ReadToEndAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_master_s_own_number_may_be_wanted_for_something_else(int others)
    {
        using var terminal = PseudoTerminal.Open();
        var master = (int)terminal.Handle.DangerousGetHandle();
        var command = new Command("sh", "-c", $"ls /proc/$$/fd; cat /proc/$$/fd/{master}").WithTerminal(terminal);
        using var directory = new TempDirectory();
        command = command.WithDescriptor(master, Stdio.Read(directory.Write("file", "from the file")));
        using var second = File.OpenHandle(directory.Write("second", ""));
        for (var i = 0; i < others; i++)
        {
            command = command.WithDescriptor(master + 1 + i, Stdio.FromHandle(second));
        }

        using var child = command.Start(Token);
        var shown = await new Screen(terminal).ReadToEndAsync();
        var numbers = shown[..shown.IndexOf("from", StringComparison.Ordinal)]
            .Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(int.Parse)
            .Order();
        Assert.Equal([0, 1, 2, .. Enumerable.Range(master, others + 1)], numbers);
        Assert.EndsWith("from the file", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_shows_how_the_terminal_is_taken()
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: posix_spawn has no steps.");
        using var terminal = PseudoTerminal.Open();
        var listing = new Command("true").WithTerminal(terminal).Explain().ToString();
        foreach (var call in (string[])["setsid()", "TIOCGPTPEER", "TIOCSCTTY, 0)"])
        {
            Assert.Contains(call, listing, StringComparison.Ordinal);
        }
    }

    private static ChildProcess Shell(string script) => new Command("sh", "-c", script).StartInTerminal();

    private static async Task<string> Show(Command command, PseudoTerminal terminal)
    {
        using var child = command.Start(Token);
        var shown = await new Screen(terminal).ReadToEndAsync();
        Assert.Equal("exit code 0", (await child.WaitAsync(Token)).ToString());
        return shown.Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
