using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Somebody kills the child before it became the program: the step it stood at is known.</summary>
public class KilledBeforeExecTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_killed_while_it_opens_a_FIFO_is_reported_at_that_step(bool asynchronous)
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        var command = new Command("true")
            .WithUmask(UnixFileMode.OtherRead)
            .WithDescriptor(3, Stdio.Null)
            .WithDescriptor(4, Stdio.Read(fifo));
        await command.WithDescriptor(4, Stdio.Null).RunAsync();
        var before = ChildEntry.ListOwn();
        var starting = asynchronous ? command.StartAsync().AsTask() : Task.Run(() => command.Start());
        var child = OtherProcess.NewChildIn(OtherProcess.OpenAt, before);
        Assert.False(starting.IsCompleted);
        using (var pidFd = PidFd.Open(child))
        {
            pidFd.Kill();
        }

        var e = await Assert.ThrowsAsync<SpawnException>(() => starting);
        Assert.Equal((Signal.SIGKILL, "open", fifo, 0), (e.KilledBy, e.Step, e.Subject, e.Errno.Value));
        var listing = command.Explain(new StartMode(asynchronous, Gated: false, SpawnLadder.Rung));
        Assert.StartsWith(
            $"openat(AT_FDCWD, \"{fifo}\"",
            listing.Lines[e.StepIndex - 1].Call,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"killed by SIGKILL at step {e.StepIndex} of {listing.Lines.Count}, open(",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public void A_child_killed_at_the_gate_is_reported_at_the_gate()
    {
        var command = new Command("true");
        using var gated = command.StartGated();
        Waiting.For(() => OtherProcess.IsIn(gated.Id, OtherProcess.Futex), "the child to stand at the gate");
        using (var pidFd = PidFd.Open(gated.Id))
        {
            pidFd.Kill();
        }

        Waiting.For(() => !Directory.Exists($"/proc/{gated.Id}"), "the child to be reaped");
        var e = Assert.Throws<SpawnException>(() => gated.Release());
        Assert.Equal((Signal.SIGKILL, "gate"), (e.KilledBy, e.Step));
        var listing = command.Explain(new StartMode(Asynchronous: true, Gated: true, SpawnLadder.Rung));
        Assert.StartsWith("futex(", listing.Lines[e.StepIndex - 1].Call, StringComparison.Ordinal);
    }
}
