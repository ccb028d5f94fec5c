using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>umask, session, process group: as the child itself sees them, and failing.</summary>
public class IdentityStepTests
{
    [Theory]
    [InlineData("0000")]
    [InlineData("0027")]
    [InlineData("0777")]
    public void The_child_has_the_umask_it_was_given(string octal) =>
        Assert.Equal(octal, ChildView.Of(c => c.WithUmask((UnixFileMode)Convert.ToInt32(octal, 8))).Umask);

    [Fact]
    public void Without_being_told_the_child_keeps_umask_group_and_session()
    {
        var mine = ChildView.Of(File.ReadAllText("/proc/self/status") + File.ReadAllText("/proc/self/stat"));
        var child = ChildView.Of(c => c);
        Assert.Equal((mine.Umask, mine.ProcessGroup, mine.Session), (child.Umask, child.ProcessGroup, child.Session));
    }

    [Fact]
    public void Files_opened_for_the_child_obey_its_umask()
    {
        using var directory = new TempDirectory();
        new Command("true")
            .WithUmask(UnixFileMode.GroupRead | UnixFileMode.OtherRead)
            .WithDescriptor(5, Stdio.Write(directory["f"]))
            .Run();
        var expected =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        Assert.Equal(expected, File.GetUnixFileMode(directory["f"]));
    }

    [Fact]
    public void A_new_session_has_the_child_as_its_leader_and_no_terminal()
    {
        var child = ChildView.Of(c => c.WithNewSession());
        Assert.Equal((child.Id, child.Id, 0), (child.Session, child.ProcessGroup, child.Terminal));
    }

    [Fact]
    public void A_new_process_group_has_the_child_as_its_leader()
    {
        var child = ChildView.Of(c => c.WithProcessGroup());
        Assert.Equal(child.Id, child.ProcessGroup);
        Assert.NotEqual(child.Id, child.Session);
    }

    [Fact]
    public void A_second_child_joins_the_group_of_the_first()
    {
        using var leader = new Command("sleep", "1000").WithProcessGroup().Start();
        try
        {
            Assert.Equal(leader.Id, ChildView.Of(c => c.WithProcessGroup(leader.Id)).ProcessGroup);
        }
        finally
        {
            leader.Kill();
            leader.Wait();
        }
    }

    [Fact]
    public void A_group_that_does_not_exist_is_refused_with_EPERM() =>
        // setpgid(2): no such group in the caller's session is EPERM. No process has this number: pid_max is below 2^22.
        Failing.Check(
            new Command("true").WithProcessGroup(int.MaxValue),
            "setpgid",
            Errno.EPERM,
            "group 2147483647",
            "setpgid(0, 2147483647)"
        );

    [Fact]
    public void A_group_of_another_session_is_refused_with_EPERM()
    {
        using var foreigner = new Command("sleep", "1000").WithNewSession().Start();
        try
        {
            var command = new Command("true").WithProcessGroup(foreigner.Id);
            Failing.Check(command, "setpgid", Errno.EPERM, $"group {foreigner.Id}", $"setpgid(0, {foreigner.Id})");
        }
        finally
        {
            foreigner.Kill();
            foreigner.Wait();
        }
    }
}
