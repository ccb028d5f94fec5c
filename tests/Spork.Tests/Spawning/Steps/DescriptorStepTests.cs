using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A caller's descriptor at a number of the child, by number or handle, and how that fails.</summary>
public class DescriptorStepTests
{
    private const int NotOpen = 987;

    [Fact]
    public void A_handle_arrives_at_the_number_it_was_given()
    {
        using var directory = new TempDirectory();
        using var file = File.OpenHandle(directory.Write("source", "text"));
        var command = new Command("cat", "/proc/self/fd/42").WithDescriptor(42, Stdio.FromHandle(file));
        Assert.Equal("text", Capture.Text(command));
    }

    [Fact]
    public void A_descriptor_arrives_by_number()
    {
        using var directory = new TempDirectory();
        using var file = File.OpenHandle(directory.Write("source", "text"));
        var number = (int)file.DangerousGetHandle();
        Assert.Equal("text", Capture.Text(new Command("cat").WithStandardInput(Stdio.FromDescriptor(number))));
        Assert.Equal(
            "text",
            Capture.Text(new Command("cat", $"/proc/self/fd/{number}").WithDescriptor(number, Stdio.Inherit))
        );
    }

    [Fact]
    public void Moving_a_descriptor_that_is_not_open_is_EBADF_at_dup3() =>
        Failing.Check(
            new Command("true").WithDescriptor(5, Stdio.FromDescriptor(NotOpen)),
            "dup3",
            Errno.EBADF,
            $"{NotOpen} to 5",
            $"dup3({NotOpen}, 5, 0)",
            "not open"
        );

    [Fact]
    public void Inheriting_a_descriptor_that_is_not_open_is_EBADF_at_fcntl() =>
        Failing.Check(
            new Command("true").WithDescriptor(NotOpen, Stdio.Inherit),
            "keep open",
            Errno.EBADF,
            $"descriptor {NotOpen}",
            $"fcntl({NotOpen}, F_SETFD, 0)",
            "not open"
        );

    [Fact]
    public void A_number_above_the_limit_of_open_files_is_EBADF_with_the_limit_in_the_hint() =>
        Failing.Check(
            new Command("true").WithDescriptor(int.MaxValue, Stdio.FromDescriptor(0)),
            "dup3",
            Errno.EBADF,
            "0 to 2147483647",
            "dup3(0, 2147483647, 0)",
            "RLIMIT_NOFILE"
        );

    [Fact]
    public void A_file_for_a_number_above_the_limit_of_open_files_fails_at_its_move() =>
        Failing.Check(
            new Command("true").WithDescriptor(int.MaxValue, Stdio.Null),
            "dup3",
            Errno.EBADF,
            "/dev/null to 2147483647",
            "dup3(",
            "RLIMIT_NOFILE"
        );

    [Fact]
    public void A_handle_closed_before_the_start_is_refused_and_nothing_is_held()
    {
        using var directory = new TempDirectory();
        var file = File.OpenHandle(directory.Write("source", "text"));
        var command = new Command("true").WithStandardInput(Stdio.FromHandle(file));
        command.Run();
        file.Dispose();
        var before = ProcessCounts.TakeBaseline();
        Assert.Throws<ObjectDisposedException>(() => command.Start());
        Assert.Throws<ObjectDisposedException>(() => command.StartAsync().AsTask().Wait());
        Assert.Throws<ObjectDisposedException>(() => command.StartGated());
        Leftovers.AssertNothingLeft(before, ProcessCounts.Take());
    }

    [Fact]
    public void A_directory_handle_can_be_working_directory_and_descriptor_at_once()
    {
        using var directory = new TempDirectory();
        directory.Write("here", "text");
        using var handle = Directories.Open(directory.Path);
        var command = new Command("cat", "here").WithWorkingDirectory(handle);
        Assert.Equal("text", Capture.Text(command.WithDescriptor(40, Stdio.FromHandle(handle))));
    }

    [Fact]
    public void A_directory_handle_is_followed_when_another_descriptor_takes_its_number()
    {
        using var directory = new TempDirectory();
        directory.Write("here", "text");
        using var handle = Directories.Open(directory.Path);
        var number = (int)handle.DangerousGetHandle();
        var command = new Command("cat", "here").WithWorkingDirectory(handle);
        Assert.Equal("text", Capture.Text(command.WithDescriptor(number, Stdio.FromDescriptor(2))));
        Assert.Equal("text", Capture.Text(command.WithDescriptor(number, Stdio.Null)));
    }
}
