using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A cgroup for one child: made, used, removed.</summary>
public class OwnCgroupTests
{
    private const string NotTested = "cgroups of a child's own";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_is_made_for_each_start_and_removed_after_the_end(bool asynchronous)
    {
        Cgroups.NeedOwn(NotTested);
        var command = new Command("cat").WithStandardInput(Stdio.Null).WithOwnCgroup();
        using var one = asynchronous ? await command.StartAsync() : command.Start();
        using var two = asynchronous ? await command.StartAsync() : command.Start();
        Assert.NotNull(one.OwnCgroup);
        Assert.NotEqual(one.OwnCgroup, two.OwnCgroup);
        await ChildProcess.WaitAllAsync([one, two]);
        Waiting.For(() => !Directory.Exists(one.OwnCgroup) && !Directory.Exists(two.OwnCgroup), "both to be removed");
    }

    [Fact]
    public void The_child_is_in_it()
    {
        Cgroups.NeedOwn(NotTested);
        using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).WithOwnCgroup().Start();
        Assert.Contains(
            File.ReadLines($"/proc/{child.Id}/cgroup"),
            l =>
                l.StartsWith("0::", StringComparison.Ordinal)
                && l.EndsWith(Path.GetFileName(child.OwnCgroup!), StringComparison.Ordinal)
        );
        child.Stop(new StopOptions { Reach = StopReach.Tree });
        Assert.False(Directory.Exists(child.OwnCgroup));
    }

    [Fact]
    public void A_start_that_fails_leaves_none()
    {
        Cgroups.NeedOwn(NotTested);
        using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).WithOwnCgroup().Start();
        var parent = Path.GetDirectoryName(child.OwnCgroup)!;
        var mine = $"spork-{Environment.ProcessId}-*";
        // Also those of earlier tests, and of whoever had our number before.
        var before = Directory.GetDirectories(parent, mine);
        Assert.Throws<SpawnException>(() => new Command("/no/such/program").WithOwnCgroup().Start());
        Waiting.For(() => !Directory.GetDirectories(parent, mine).Except(before).Any(), "the other to go");
        Assert.True(Directory.Exists(child.OwnCgroup));
        child.Stop(new StopOptions { Reach = StopReach.Tree });
    }

    [Fact]
    public void Two_cgroups_are_refused_whichever_is_said_first()
    {
        var command = new Command("true");
        Assert.Throws<InvalidOperationException>(() => command.WithOwnCgroup().WithCgroup("/sys/fs/cgroup/x"));
        Assert.Throws<InvalidOperationException>(() => command.WithCgroup("/sys/fs/cgroup/x").WithOwnCgroup());
        Assert.Throws<InvalidOperationException>(() => command.WithOwnCgroup().ExecInPlace());
    }

    [Fact]
    public void Where_none_can_be_made_it_is_refused_by_name_or_done_without()
    {
        var run = PlainUser.Spork("own cgroups without privileges", "run", "own-cgroup", "required", "--", "true");
        Assert.SkipWhen(run.Code == 0, "NOT TESTED: refusal of a cgroup. This user may make one.");
        var failure = PlainUser.Failure(run);
        Assert.Equal("own cgroup", failure["step"]);
        Assert.Contains("WithOwnCgroup(required: false)", failure["message"], StringComparison.Ordinal);
        var without = PlainUser.Spork("own cgroups without privileges", "run", "own-cgroup", "optional", "--", "true");
        Assert.Equal(0, without.Code);
    }
}
