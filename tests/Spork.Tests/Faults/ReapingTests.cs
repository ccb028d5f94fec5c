using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Faults;

/// <summary>
/// Reaping beside others: every status is right or said to be lost, System.Diagnostics.Process has its own right, and no
/// zombie stays.
/// </summary>
public class ReapingTests
{
    private const int Children = 3000;

    // A zombie is reaped at once; on a machine with few processors "at once" is when the reactor is scheduled.
    private const int ZombieMilliseconds = 1000;

    [Fact]
    public void Thousands_of_children_beside_System_Diagnostics_Process_all_have_their_status()
    {
        var answer = DriverProgram.Ask("beside", $"{Children}");
        AssertAllRight(answer.GetProperty("spork"), Children / 2);
        AssertAllRight(answer.GetProperty("process"), Children / 2);
        AssertNoZombies(answer);
    }

    [Fact]
    public void As_pid_1_of_a_namespace_every_status_is_right_or_lost_and_Process_has_its_own()
    {
        const string NotTested = "reaping as pid 1 of a pid namespace";
        var unshare = Tools.FindOrSkip("unshare", NotTested);
        string[] namespaces = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
        var probe = ToolRun.Of(unshare, [.. namespaces, "/bin/true"]);
        if (probe.Code != 0)
        {
            namespaces = namespaces[2..];
            probe = ToolRun.Of(unshare, [.. namespaces, "/bin/true"]);
        }

        Assert.SkipUnless(probe.Code == 0, $"NOT TESTED: {NotTested}. unshare: {probe.Errors}");
        var answer = DriverProgram.Ask([], unshare, [.. namespaces, DriverProgram.Executable, "beside", $"{Children}"]);
        Assert.Equal(1, answer.GetProperty("pid").GetInt32());
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2);
        AssertAllRight(answer.GetProperty("process"), Children / 2);
        AssertNoZombies(answer);
    }

    [Fact]
    public void With_SIGCHLD_inherited_ignored_every_status_is_right_or_lost()
    {
        // Without children of Process: on .NET 10 its WaitForExit never returns there, with or without Spork.
        var answer = DriverProgram.Ask("ignoring-sigchld", DriverProgram.Executable, "own", $"{Children / 2}");
        Assert.Equal(KernelKeepsStatus ? "Degraded" : "Missing", answer.String("sigchld"));
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2);
        AssertNoZombies(answer);
    }

    [Fact]
    public void With_SIGCHLD_inherited_ignored_Process_does_beside_Spork_what_it_does_alone()
    {
        string[] driver = ["ignoring-sigchld", DriverProgram.Executable, "sigchld-of-process"];
        var alone = DriverProgram.Ask([.. driver, "alone"]);
        var beside = DriverProgram.Ask([.. driver, "beside"]);
        Assert.NotEqual("Ok", alone.String("sigchld"));
        Assert.Equal(alone.GetProperty("process").GetRawText(), beside.GetProperty("process").GetRawText());
    }

    [Fact]
    public void Beside_a_thread_that_reaps_whatever_it_finds_every_status_is_right_or_lost()
    {
        var answer = DriverProgram.Ask("rogue", $"{Children / 2}");
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2);
        AssertNoZombies(answer);
    }

    private static void AssertAllRight(JsonElement outcomes, int count) =>
        Assert.Equal($"{{\"right\":{count}}}", outcomes.GetRawText());

    private static void AssertRightOrLost(JsonElement outcomes, int count)
    {
        Assert.All(
            outcomes.EnumerateObject(),
            o => Assert.True(o.Name is "right" or "lost", $"{o.Value} times {o.Name}")
        );
        Assert.Equal(count, outcomes.EnumerateObject().Sum(o => o.Value.GetInt32()));
        if (KernelKeepsStatus)
        {
            // PIDFD_INFO_EXIT: nothing is lost, whoever reaped it.
            AssertAllRight(outcomes, count);
        }
    }

    private static bool KernelKeepsStatus => Environment.OSVersion.Version >= new Version(6, 15);

    private static void AssertNoZombies(JsonElement answer)
    {
        Assert.InRange(answer.GetProperty("longestZombieMilliseconds").GetInt64(), 0, ZombieMilliseconds);
        Assert.Empty(answer.Strings("children"));
    }
}
