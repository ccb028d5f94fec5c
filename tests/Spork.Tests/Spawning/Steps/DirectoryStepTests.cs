using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>chdir and fchdir.</summary>
public class DirectoryStepTests
{
    private static readonly Command Pwd = new("pwd", "-P");

    [Fact]
    public void The_child_is_in_the_directory_it_was_given()
    {
        using var directory = new TempDirectory();
        Assert.Equal(directory.Path + "\n", Capture.Text(Pwd.WithWorkingDirectory(directory.Path)));
    }

    [Fact]
    public void The_child_is_in_the_directory_behind_a_handle_and_does_not_get_the_handle()
    {
        using var directory = new TempDirectory();
        using var handle = Directories.Open(directory.Path);
        Assert.Equal(directory.Path + "\n", Capture.Text(Pwd.WithWorkingDirectory(handle)));
        var numbers = Capture.Text(
            new Command("ls", "/proc/self/fd")
                .WithWorkingDirectory(handle)
                .WithStandardInput(Stdio.Null)
                .WithStandardError(Stdio.Null)
        );
        Assert.Equal("0\n1\n2\n3\n", numbers); // 3 is ls reading the directory.
    }

    [Fact]
    public void A_directory_renamed_since_it_was_opened_is_still_found()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["old"]);
        using var handle = Directories.Open(directory["old"]);
        Directory.Move(directory["old"], directory["new"]);
        Assert.Equal(directory["new"] + "\n", Capture.Text(Pwd.WithWorkingDirectory(handle)));
    }

    [Fact]
    public void A_directory_that_is_missing_is_named_and_the_program_is_not_blamed()
    {
        var e = Failing.Check(
            new Command("true").WithWorkingDirectory("/nowhere"),
            "chdir",
            Errno.ENOENT,
            "/nowhere",
            "chdir(\"/nowhere\")",
            "working directory does not exist"
        );
        Assert.False(e.ProgramNotFound);
    }

    [Fact]
    public void A_file_as_directory_is_ENOTDIR()
    {
        using var directory = new TempDirectory();
        var file = directory.Write("file", "");
        Failing.Check(
            new Command("true").WithWorkingDirectory(file),
            "chdir",
            Errno.ENOTDIR,
            file,
            $"chdir(\"{file}\")"
        );
    }

    [Fact]
    public void A_handle_of_a_file_as_directory_is_ENOTDIR()
    {
        using var directory = new TempDirectory();
        using var file = File.OpenHandle(directory.Write("file", ""));
        var number = (int)file.DangerousGetHandle();
        Failing.Check(
            new Command("true").WithWorkingDirectory(file),
            "fchdir",
            Errno.ENOTDIR,
            $"descriptor {number}",
            $"fchdir({number})"
        );
    }

    [Fact]
    public void A_directory_one_may_not_enter_is_EACCES()
    {
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Path, Modes.Everybody);
        Directory.CreateDirectory(directory["closed"]);
        File.SetUnixFileMode(directory["closed"], UnixFileMode.UserRead);
        var run = PlainUser.Spork("EACCES at chdir", "run", "cwd", directory["closed"], "--", "true");
        PlainUser.CheckFailure(run, "chdir", "EACCES", directory["closed"], $"chdir(\"{directory["closed"]}\")");
    }
}
