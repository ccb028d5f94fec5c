using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Born in a cgroup, and what is none.</summary>
public class CgroupTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_child_is_born_in_the_cgroup_by_path_or_handle(bool byHandle)
    {
        using var cgroup = TestCgroup.MakeOrSkip("birth in a cgroup");
        using var handle = Directories.Open(cgroup.Path);
        var cat = new Command("cat", "/proc/self/cgroup");
        var inside = byHandle ? cat.WithCgroup(handle) : cat.WithCgroup(cgroup.Path);
        Assert.Contains($"0::{cgroup.Name}", Capture.Text(inside).Split('\n'));
    }

    [Fact]
    public void A_cgroup_that_is_missing_is_named_before_anything_is_made()
    {
        var e = Failure(new Command("true").WithCgroup("/no/such/cgroup"));
        Assert.Equal(("cgroup", Errno.ENOENT, "/no/such/cgroup", 0), (e.Step, e.Errno, e.Subject, e.StepIndex));
    }

    [Fact]
    public void A_directory_that_is_no_cgroup_is_refused()
    {
        using var directory = new TempDirectory();
        var e = Failure(new Command("true").WithCgroup(directory.Path));
        Assert.Equal(("clone3", Errno.EBADF, 0), (e.Step, e.Errno, e.StepIndex));
        Assert.Contains(directory.Path, e.Hint, StringComparison.Ordinal);
    }

    private static SpawnException Failure(Command command)
    {
        Assert.SkipWhen(
            SpawnLadder.Current != "clone3",
            $"NOT TESTED: CLONE_INTO_CGROUP. Processes are made by {SpawnLadder.Current} here."
        );
        // What is made once and kept is made now.
        Assert.True(new Command("true").RunAsync().GetAwaiter().GetResult().IsSuccess);
        Assert.Throws<SpawnException>(() => command.Start());
        var before = ProcessCounts.TakeBaseline();
        Assert.Throws<SpawnException>(() => command.StartAsync().AsTask().GetAwaiter().GetResult());
        var e = Assert.Throws<SpawnException>(() => command.Start());
        Leftovers.AssertNothingLeftSoon(before);
        return e;
    }
}
