using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Children that live on without this process, and children that do not.</summary>
public class DetachedTests
{
    [Fact]
    public void It_leads_a_session_has_no_terminal_and_null_for_streams()
    {
        using var child = new Command("sleep", "1000").StartDetached();
        var view = ChildView.Of(
            File.ReadAllText($"/proc/{child.Id}/status") + File.ReadAllText($"/proc/{child.Id}/stat")
        );
        Assert.Equal((child.Id, child.Id, 0), (view.Session, view.ProcessGroup, view.Terminal));
        Waiting.For(() => OtherProcess.IsIn(child.Id, OtherProcess.ClockNanosleep), "sleep to sleep");
        Assert.Equal([0, 1, 2], OtherProcess.Descriptors(child.Id).Keys);
        Assert.All(OtherProcess.Descriptors(child.Id).Values, target => Assert.Equal("/dev/null", target));
        child.Stop();
    }

    [Fact]
    public void Streams_said_before_or_after_stay_as_they_were_said()
    {
        using var directory = new TempDirectory();
        var before = new Command("sh", "-c", "echo $0; echo err >&2", "out")
            .WithStandardOutput(Stdio.Write(directory["before"]))
            .WithDetached()
            .WithStandardError(Stdio.Write(directory["after"]));
        Assert.True(before.Run().IsSuccess);
        Assert.Equal("out\n", File.ReadAllText(directory["before"]));
        Assert.Equal("err\n", File.ReadAllText(directory["after"]));
    }

    [Fact]
    public void It_survives_the_end_of_its_parent()
    {
        using var directory = new TempDirectory();
        var helper = new Command(DummyProgram.Executable, "spork", "detach-and-die", "--", "sleep", "1000");
        Assert.Equal(Signal.SIGKILL, helper.WithStandardOutput(Stdio.Write(directory["out"])).Run().Signal);
        var id = int.Parse(File.ReadAllText(directory["out"]), CultureInfo.InvariantCulture);
        using var pidFd = PidFd.Open(id);
        Waiting.For(() => OtherProcess.IsIn(id, OtherProcess.ClockNanosleep), "the survivor to sleep");
        pidFd.Kill();
        Waiting.For(() => OtherProcess.HasEnded(id), "the survivor to be killed");
    }

    [Fact]
    public void As_long_as_its_parent_lives_it_is_reaped()
    {
        using var child = new Command("true").StartDetached();
        Assert.True(child.Wait().IsSuccess);
        Assert.DoesNotContain(ChildEntry.ListOwn(), c => c.Id == child.Id);
    }

    [Fact]
    public void What_contradicts_it_is_refused_whichever_is_said_first()
    {
        var command = new Command("true");
        Assert.Throws<InvalidOperationException>(() => command.WithKillOnParentExit().WithDetached());
        Assert.Throws<InvalidOperationException>(() => command.WithDetached().WithKillOnParentExit());
        Assert.Throws<InvalidOperationException>(() => command.WithDetached().WithParentDeathSignal(Signal.SIGHUP));
        Assert.Throws<InvalidOperationException>(() => command.WithProcessGroup(4711).WithDetached());
        Assert.Throws<InvalidOperationException>(() => command.WithDetached().WithProcessGroup());
        Assert.Throws<InvalidOperationException>(() => command.WithDetached().ExecInPlace());
        Assert.True(command.WithProcessGroup().WithDetached().Run().IsSuccess);
    }

    [Theory]
    [InlineData("start-and-die")]
    [InlineData("start-async-and-die")]
    [InlineData("start-on-pool-and-die")]
    public void Kill_on_parent_exit_works_for_every_start_also_when_the_parent_is_killed(string verb)
    {
        using var witness = new TreeWitness();
        var helper = new Command(
            DummyProgram.Executable,
            "spork",
            verb,
            "descriptor",
            "9:9",
            "kill-on-parent-exit",
            "yes",
            "--",
            "sleep",
            "1000"
        );
        Assert.Equal(Signal.SIGKILL, witness.Watch(helper).WithStandardOutput(Stdio.Null).Run().Signal);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public void Kill_on_parent_exit_works_also_when_the_parent_ends_by_itself()
    {
        using var witness = new TreeWitness();
        var helper = new Command(
            DummyProgram.Executable,
            "spork",
            "start-and-exit",
            "descriptor",
            "9:9",
            "kill-on-parent-exit",
            "yes",
            "--",
            "sleep",
            "1000"
        );
        Assert.Equal(0, witness.Watch(helper).WithStandardOutput(Stdio.Null).Run().Code);
        witness.WaitUntilAllAreGone();
    }
}
