using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A process that exists and waits for a go.</summary>
public class GateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_program_runs_after_the_release_under_the_pid_it_had_before(bool asynchronous)
    {
        using var directory = new TempDirectory();
        var command = new Command("sh", "-c", "echo $$; exit 8").WithStandardOutput(Stdio.Write(directory["out"]));
        using var gated = command.StartGated();
        Waiting.For(() => OtherProcess.IsIn(gated.Id, OtherProcess.Futex), "the child to stand at the gate");
        // All that comes before the gate is done, and the program has not run.
        Assert.Equal("", File.ReadAllText(directory["out"]));
        using var child = asynchronous ? await gated.ReleaseAsync() : gated.Release();
        Assert.Equal((gated.Id, 8), (child.Id, (await child.WaitAsync()).Code));
        Assert.Equal(gated.Id.ToString(CultureInfo.InvariantCulture) + "\n", File.ReadAllText(directory["out"]));
    }

    [Fact]
    public void A_release_that_comes_before_the_child_is_at_the_gate_counts()
    {
        for (var i = 0; i < 100; i++)
        {
            using var gated = new Command("true").StartGated();
            using var child = gated.Release();
            Assert.True(child.Wait().IsSuccess);
        }
    }

    [Fact]
    public void A_second_release_is_refused_and_Dispose_after_it_kills_nobody()
    {
        var gated = new Command("sh", "-c", "exit 3").StartGated();
        using var child = gated.Release();
        Assert.Throws<InvalidOperationException>(() => gated.Release());
        gated.Dispose();
        Assert.Equal(3, child.Wait().Code);
    }

    [Fact]
    public void Dispose_without_release_ends_the_child_and_reaps_it()
    {
        using var directory = new TempDirectory();
        var gated = new Command("touch", directory["ran"]).StartGated();
        gated.Dispose();
        gated.Dispose();
        Assert.False(Directory.Exists($"/proc/{gated.Id}"));
        Assert.False(File.Exists(directory["ran"]));
        Assert.Throws<InvalidOperationException>(() => gated.Release());
    }

    [Fact]
    public void A_gate_that_is_forgotten_is_given_up_by_the_collector()
    {
        var before = Leftovers.BeforeForgetting();
        var id = StartAndForget();
        Waiting.For(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !Directory.Exists($"/proc/{id}");
            },
            "the forgotten child to end"
        );
        Leftovers.WaitUntilForgottenIsClosed(before);
    }

    [Fact]
    public void Cancelling_the_release_of_a_child_that_is_blocked_kills_it()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        using var gated = new Command("true").WithDescriptor(3, Stdio.Read(fifo)).StartGated();
        Waiting.For(() => OtherProcess.IsIn(gated.Id, OtherProcess.OpenAt), "the child to open the FIFO");
        using var cancel = new CancellationTokenSource();
        var release = gated.ReleaseAsync(cancel.Token).AsTask();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => release.GetAwaiter().GetResult());
        Assert.False(Directory.Exists($"/proc/{gated.Id}"));
    }

    [Fact]
    public void What_fails_before_the_gate_is_thrown_by_the_release()
    {
        using var gated = new Command("true").WithUmask(0).WithStandardInput(Stdio.Read("/no/such/file")).StartGated();
        Waiting.For(() => !Directory.Exists($"/proc/{gated.Id}"), "the child to fail and be reaped");
        var e = Assert.Throws<SpawnException>(() => gated.Release());
        Assert.Equal(("open", Errno.ENOENT, "/no/such/file"), (e.Step, e.Errno, e.Subject));
    }

    [Fact]
    public void A_child_at_the_gate_ends_when_its_parent_dies()
    {
        using var directory = new TempDirectory();
        var helper = new Command(DummyProgram.Executable, "spork", "gate-and-die", "--", "touch", directory["ran"]);
        Assert.Equal(Signal.SIGKILL, helper.WithStandardOutput(Stdio.Write(directory["out"])).Run().Signal);
        var child = int.Parse(File.ReadAllText(directory["out"]), CultureInfo.InvariantCulture);
        Waiting.For(() => OtherProcess.HasEnded(child), "the child to notice that its parent died");
        Assert.False(File.Exists(directory["ran"]));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int StartAndForget() => new Command("true").StartGated().Id;
}
