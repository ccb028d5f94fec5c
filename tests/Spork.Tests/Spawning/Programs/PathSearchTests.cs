using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>PATH is searched as execvp(3) searches it, by the child.</summary>
public class PathSearchTests
{
    private const string Program = "spork-test-program";

    [Fact]
    public void The_first_directory_that_has_the_program_wins()
    {
        using var directory = new TempDirectory();
        Script(directory, "a", "echo a");
        Script(directory, "b", "echo b");
        Assert.Equal("a\n", Capture.Text(WithPath($"{directory["none"]}:{directory["a"]}:{directory["b"]}")));
    }

    [Fact]
    public void A_program_that_may_not_be_executed_is_passed_over()
    {
        using var directory = new TempDirectory();
        Script(directory, "a", "echo a", Modes.Readable);
        Script(directory, "b", "echo b");
        Assert.Equal("b\n", Capture.Text(WithPath($"{directory["a"]}:{directory["b"]}")));
    }

    [Fact]
    public void Elements_that_are_files_or_missing_are_passed_over()
    {
        using var directory = new TempDirectory();
        var file = directory.Write("file", "");
        Script(directory, "b", "echo b");
        Assert.Equal("b\n", Capture.Text(WithPath($"{file}:/no/such:{directory["b"]}/")));
    }

    [Fact]
    public void EACCES_earlier_in_PATH_is_the_answer_when_nothing_else_is_found()
    {
        using var directory = new TempDirectory();
        var path = Script(directory, "a", "echo a", Modes.Readable);
        var command = WithPath($"/no/such:{directory["a"]}:/nor/here");
        var e = Failing.Check(command, "execve", Errno.EACCES, path, $"execve(\"{path}\"", "chmod +x");
        Assert.False(e.ProgramNotFound);
    }

    [Fact]
    public void A_program_that_is_nowhere_is_ENOENT_with_the_PATH_that_was_searched()
    {
        var e = Failing.Check(
            WithPath("/no/such:/nor/here"),
            "execve",
            Errno.ENOENT,
            Program,
            $"execve(\"/nor/here/{Program}\"",
            "not found in PATH (/no/such:/nor/here)"
        );
        Assert.True(e.ProgramNotFound);
    }

    [Theory]
    [InlineData(":/no/such")]
    [InlineData("/no/such:")]
    [InlineData("/no/such::/nor/here")]
    [InlineData("")]
    [InlineData(".")]
    public void An_empty_element_is_the_childs_current_directory(string path)
    {
        using var directory = new TempDirectory();
        Script(directory, "a", "echo here");
        Assert.Equal("here\n", Capture.Text(WithPath(path).WithWorkingDirectory(directory["a"])));
    }

    [Fact]
    public void Without_an_own_PATH_this_processs_is_searched()
    {
        Assert.True(new Command("true").Run().IsSuccess);
        Assert.True(new Command("true").WithEnvironmentVariable("PATH", null).Run().IsSuccess);
        Assert.True(new Command("true").WithEnvironment([]).Run().IsSuccess);
    }

    [Fact]
    public void Without_any_PATH_the_systems_default_is_searched()
    {
        // The helper itself has no PATH: env -i.
        var run = new Command(
            "env",
            "-i",
            $"DOTNET_ROOT={Environment.GetEnvironmentVariable("DOTNET_ROOT")}",
            DummyProgram.Executable,
            "spork",
            "run",
            "--",
            "cat",
            "/proc/self/environ"
        );
        Assert.DoesNotContain(Capture.Entries(run), e => e.StartsWith("PATH=", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_with_a_slash_is_not_searched_for_and_is_relative_to_the_childs_directory()
    {
        using var directory = new TempDirectory();
        Script(directory, "a", "echo here");
        Assert.Equal("here\n", Capture.Text(new Command($"a/{Program}").WithWorkingDirectory(directory.Path)));
        var e = Failing.Check(
            new Command($"b/{Program}").WithWorkingDirectory(directory.Path),
            "execve",
            Errno.ENOENT,
            $"b/{Program}",
            $"execve(\"b/{Program}\"",
            "child's working directory"
        );
        Assert.True(e.ProgramNotFound);
    }

    [Fact]
    public void Without_search_a_bare_name_is_a_path()
    {
        using var directory = new TempDirectory();
        Script(directory, "a", "echo here");
        var command = new Command(Program).WithoutPathSearch();
        Assert.Equal("here\n", Capture.Text(command.WithWorkingDirectory(directory["a"])));
        Failing.Check(
            command.WithWorkingDirectory(directory.Path),
            "execve",
            Errno.ENOENT,
            Program,
            $"execve(\"{Program}\"",
            "child's working directory"
        );
    }

    private static Command WithPath(string path) => new Command(Program).WithEnvironmentVariable("PATH", path);

    private static string Script(TempDirectory directory, string name, string text, UnixFileMode mode = Modes.Everybody)
    {
        Directory.CreateDirectory(directory[name]);
        return directory.Write($"{name}/{Program}", $"#!/bin/sh\n{text}\n", mode);
    }
}
