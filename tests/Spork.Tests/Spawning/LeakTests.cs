using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Never a zombie, never a descriptor, a thread or a mapping left behind, however a start ends.</summary>
public class LeakTests
{
    private const int Many = 300;

    [Fact]
    public void Starting_and_waiting_leaves_nothing_behind() =>
        AssertLeavesNothing(() => Assert.True(new Command("/bin/true").Run().IsSuccess));

    [Fact]
    public void A_start_that_fails_leaves_nothing_behind() =>
        AssertLeavesNothing(() =>
            Assert.Equal(
                Errno.ENOENT,
                Assert.Throws<SpawnException>(() => new Command("/no/such/program").Start()).Errno
            )
        );

    [Fact]
    public void A_failing_working_directory_leaves_nothing_behind() =>
        AssertLeavesNothing(() =>
            Assert.Throws<SpawnException>(() => new Command("/bin/true").WithWorkingDirectory("/no/such").Start())
        );

    [Fact]
    public void A_child_let_go_before_its_end_leaves_no_zombie() =>
        AssertLeavesNothing(() => new Command("/bin/true").Start().Dispose());

    [Fact]
    public void A_gate_that_is_never_opened_leaves_nothing_behind() =>
        AssertLeavesNothing(() => new Command("/bin/true").StartGated().Dispose());

    [Fact]
    public void Files_opened_for_a_child_are_closed_here() =>
        AssertLeavesNothing(() =>
            new Command("/bin/true")
                .WithStandardInput(Stdio.Null)
                .WithStandardOutput(Stdio.Append("/dev/null"))
                .WithDescriptor(7, Stdio.Read("/dev/zero"))
                .Run()
        );

    private static void AssertLeavesNothing(Action operation)
    {
        // Warm-up: what is made once and kept (the reactor, pooled memory) is there before the first look.
        for (var i = 0; i < 5; i++)
        {
            operation();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < Many; i++)
        {
            operation();
        }

        Leftovers.AssertNothingLeftSoon(before, Many);
    }
}
