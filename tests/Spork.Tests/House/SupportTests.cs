using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>The tools of the tests do what the tests rely on.</summary>
public class SupportTests
{
    [Fact]
    public void A_program_that_is_not_there_skips_the_test_and_says_what_is_not_tested()
    {
        // Caught by hand: Assert.Throws lets a skip through, and this test would be skipped.
        var message = "not skipped";
        try
        {
            Tools.FindOrSkip("no-such-program", "the moon");
        }
        catch (Exception skip)
        {
            message = skip.Message;
        }

        Assert.EndsWith("NOT TESTED: the moon. None of no-such-program is on PATH.", message, StringComparison.Ordinal);
        Assert.True(File.Exists(Tools.FindOrSkip(["no-such-program", "sh"], "a fallback")));
    }

    [Fact]
    public void A_temporary_directory_is_gone_after_use_even_when_it_was_locked()
    {
        string path;
        using (var directory = new TempDirectory())
        {
            path = directory.Path;
            var inner = Directory.CreateDirectory(directory["inner"]);
            directory.Write("inner/file", "text");
            inner.UnixFileMode = UnixFileMode.None;
            Assert.True(Directory.Exists(path));
        }

        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void A_fifo_is_a_fifo()
    {
        using var directory = new TempDirectory();
        var path = Fifo.Create(directory["fifo"]);
        var lines = ToolRun.Of(Tools.FindOrSkip("stat", "the kind of a fifo"), "-c", "%F %a", path);
        Assert.Equal("fifo 600\n", lines.Output);
        Assert.Throws<System.ComponentModel.Win32Exception>(() => Fifo.Create(path));
    }

    [Theory]
    [InlineData("echo", "one\ntwo words\n", 0)]
    [InlineData("echo0", "one\0two words\0", 0)]
    [InlineData("unknown", "", 64)]
    public void The_dummy_repeats_its_arguments(string command, string expected, int code)
    {
        var result = ToolRun.Of(DummyProgram.Executable, command, "one", "two words");
        Assert.Equal((expected, code), (result.Output, result.Code));
    }

    [Fact]
    public void The_dummy_exits_with_the_code_it_is_told() =>
        Assert.Equal(77, ToolRun.Of(DummyProgram.Executable, "exit", "77").Code);

    // SIGTERM, which the runtime handles, and SIGUSR1, which it does not. Process says 128+n for a death by signal.
    [Theory]
    [InlineData(15)]
    [InlineData(10)]
    [InlineData(9)]
    public void The_dummy_dies_by_the_signal_it_is_told(int signal) =>
        Assert.Equal(128 + signal, ToolRun.Of(DummyProgram.Executable, "kill", $"{signal}").Code);

    [Fact]
    public void The_dummy_says_who_it_is()
    {
        var lines = ToolRun.Of(DummyProgram.Executable, "pgrp").Output.Split('\n');
        Assert.Contains($"ppid={Environment.ProcessId}", lines);
        Assert.Equal(["pid", "ppid", "pgid", "sid", "nice", "affinity", ""], lines.Select(line => line.Split('=')[0]));
    }

    [Theory]
    [InlineData("cwd", "/")]
    [InlineData("limits", "Max open files")]
    [InlineData("status", "SigBlk:")]
    [InlineData("status", "Umask:")]
    [InlineData("fds", "1 pipe:[")]
    [InlineData("env", "PATH=")]
    public void The_dummy_says_what_the_kernel_knows_of_it(string command, string expected) =>
        Assert.Contains(expected, ToolRun.Of(DummyProgram.Executable, command).Output, StringComparison.Ordinal);
}
