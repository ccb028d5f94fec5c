using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Files that the child opens.</summary>
public class OpenStepTests
{
    [Fact]
    public void Reading_writing_and_appending_work_as_the_shells_signs_do()
    {
        using var directory = new TempDirectory();
        var input = directory.Write("in", "one\n");
        var output = directory.Write("out", "much longer than what comes\n");
        var cat = new Command("cat").WithStandardInput(Stdio.Read(input));
        Assert.True(cat.WithStandardOutput(Stdio.Write(output)).Run().IsSuccess);
        Assert.Equal("one\n", File.ReadAllText(output));
        Assert.True(cat.WithStandardOutput(Stdio.Append(output)).Run().IsSuccess);
        Assert.Equal("one\none\n", File.ReadAllText(output));
    }

    [Fact]
    public void A_file_without_read_access_can_only_be_written()
    {
        using var directory = new TempDirectory();
        Assert.Equal(
            1,
            new Command("cat").WithStandardInput(Stdio.Write(directory["w"])).WithStandardError(Stdio.Null).Run().Code
        );
    }

    [Fact]
    public void The_null_device_reads_as_empty_and_takes_everything() =>
        Assert.Equal(
            "",
            Capture.Text(
                new Command("sh", "-c", "cat; echo lost >&2")
                    .WithStandardInput(Stdio.Null)
                    .WithStandardError(Stdio.Null)
            )
        );

    [Fact]
    public void A_file_is_opened_relative_to_the_callers_directory_not_the_childs()
    {
        using var directory = new TempDirectory();
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, directory.Write("in", "text"));
        Assert.Equal(
            "text",
            Capture.Text(new Command("cat").WithWorkingDirectory("/").WithStandardInput(Stdio.Read(relative)))
        );
    }

    [Fact]
    public void Permissions_of_a_new_file_are_those_asked_for()
    {
        using var directory = new TempDirectory();
        var mode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        var file = Stdio.FromFile(directory["new"], FileMode.CreateNew, FileAccess.Write, mode);
        Assert.True(new Command("true").WithUmask(UnixFileMode.None).WithDescriptor(4, file).Run().IsSuccess);
        Assert.Equal(mode, File.GetUnixFileMode(directory["new"]));
    }

    [Fact]
    public void A_file_that_is_missing_is_ENOENT() =>
        Failing.Check(
            new Command("true").WithStandardInput(Stdio.Read("/no/such/file")),
            "open",
            Errno.ENOENT,
            "/no/such/file",
            "openat(AT_FDCWD, \"/no/such/file\", O_RDONLY|O_CLOEXEC)"
        );

    [Fact]
    public void Writing_to_a_directory_is_EISDIR() =>
        Failing.Check(
            new Command("true").WithStandardOutput(Stdio.Write("/")),
            "open",
            Errno.EISDIR,
            "/",
            "openat(AT_FDCWD, \"/\", O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC, 0666)"
        );

    [Fact]
    public void A_file_that_must_be_new_and_is_not_is_EEXIST()
    {
        using var directory = new TempDirectory();
        var path = directory.Write("old", "kept");
        var file = Stdio.FromFile(path, FileMode.CreateNew, FileAccess.Write);
        Failing.Check(
            new Command("true").WithDescriptor(3, file),
            "open",
            Errno.EEXIST,
            path,
            $"openat(AT_FDCWD, \"{path}\", O_WRONLY|O_CREAT|O_EXCL"
        );
        Assert.Equal("kept", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_without_permission_is_EACCES()
    {
        using var directory = new TempDirectory();
        var path = directory.Write("secret", "", UnixFileMode.None);
        File.SetUnixFileMode(directory.Path, Modes.Everybody);
        var run = PlainUser.Spork("EACCES at open", "run", "read", $"0:{path}", "--", "true");
        PlainUser.CheckFailure(run, "open", "EACCES", path, $"openat(AT_FDCWD, \"{path}\", O_RDONLY");
    }

    [Fact]
    public void The_second_of_two_files_is_the_one_that_is_named()
    {
        var command = new Command("true")
            .WithDescriptor(3, Stdio.Null)
            .WithDescriptor(4, Stdio.Read("/no/4"))
            .WithDescriptor(5, Stdio.Read("/no/5"));
        Failing.Check(command, "open", Errno.ENOENT, "/no/4", "openat(AT_FDCWD, \"/no/4\"");
    }
}
