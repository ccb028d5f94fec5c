using System.Runtime.InteropServices;
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

    // ioctl(pidfd, PIDFD_GET_INFO), refused as a kernel refuses what it has never heard of.
    internal const string RefusedStatus = "ioctl:ENOTTY:1=3225485067";

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
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2, KernelKeepsStatus);
        AssertAllRight(answer.GetProperty("process"), Children / 2);
        AssertNoZombies(answer);
    }

    [Fact]
    public void With_SIGCHLD_inherited_ignored_every_status_is_right_or_lost()
    {
        // Without children of Process: on .NET 10 its WaitForExit never returns there, with or without Spork.
        var answer = DriverProgram.Ask("ignoring-sigchld", DriverProgram.Executable, "own", $"{Children / 2}");
        Assert.Equal(KernelKeepsStatus ? "Degraded" : "Missing", answer.String("sigchld"));
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2, KernelKeepsStatus);
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
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2, KernelKeepsStatus);
        AssertNoZombies(answer);
    }

    // Before 6.15 the kernel keeps no status for whoever asks too late.
    [Fact]
    public void With_SIGCHLD_inherited_ignored_and_a_kernel_that_keeps_no_status_every_status_is_said_to_be_lost()
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask(
            "filtered",
            RefusedStatus,
            DriverProgram.Executable,
            "ignoring-sigchld",
            DriverProgram.Executable,
            "own",
            $"{Children / 10}"
        );
        Assert.Equal("Missing", answer.String("sigchld"));
        Assert.Equal($"{{\"lost\":{Children / 10}}}", answer.GetProperty("spork").GetRawText());
        AssertNoZombies(answer);
    }

    [Fact]
    public void Beside_such_a_thread_where_the_kernel_keeps_no_status_a_stolen_one_is_said_to_be_lost()
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask("filtered", RefusedStatus, DriverProgram.Executable, "rogue", $"{Children / 2}");
        AssertRightOrLost(answer.GetProperty("spork"), Children / 2, kernelKeepsStatus: false);
        Assert.True(answer.GetProperty("spork").TryGetProperty("lost", out _), "the thief stole nothing");
        AssertNoZombies(answer);
    }

    private static void AssertAllRight(JsonElement outcomes, int count) =>
        Assert.Equal($"{{\"right\":{count}}}", outcomes.GetRawText());

    private static void AssertRightOrLost(JsonElement outcomes, int count, bool kernelKeepsStatus)
    {
        Assert.All(
            outcomes.EnumerateObject(),
            o => Assert.True(o.Name is "right" or "lost", $"{o.Value} times {o.Name}")
        );
        Assert.Equal(count, outcomes.EnumerateObject().Sum(o => o.Value.GetInt32()));
        if (kernelKeepsStatus)
        {
            // PIDFD_INFO_EXIT: nothing is lost, whoever reaped it.
            AssertAllRight(outcomes, count);
        }
    }

    private static bool KernelKeepsStatus => Environment.OSVersion.Version >= new Version(6, 15);

    private static void SkipUnlessX64() =>
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "NOT TESTED: statuses that are lost; the driver's filters know x64's system call numbers only."
        );

    private static void AssertNoZombies(JsonElement answer)
    {
        Assert.InRange(answer.GetProperty("longestZombieMilliseconds").GetInt64(), 0, ZombieMilliseconds);
        Assert.Empty(answer.Strings("children"));
    }
}
