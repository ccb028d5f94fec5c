using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Starting a program needs no /proc; chroots and early boot have none.</summary>
public class WithoutProcTests
{
    [Fact]
    public void A_program_starts_and_its_status_arrives() => Assert.Equal(5, Run("sh", "-c", "exit 5").Code);

    [Fact]
    public void A_failure_is_as_exact_as_ever()
    {
        PlainUser.CheckFailure(
            Run("/no/such/program"),
            "execve",
            "ENOENT",
            "/no/such/program",
            "execve(\"/no/such/program\""
        );
        var report = PlainUser.Failure(Run("/bin/true/x"));
        Assert.Equal(("execve", "ENOTDIR"), (report["step"], report["errno"]));
    }

    private static ToolRun Run(params string[] program)
    {
        const string NotTested = "NOT TESTED: starting without /proc. It needs a mount namespace, that is root.";
        Assert.SkipWhen(!Environment.IsPrivilegedProcess, NotTested);
        var run = ToolRun.Of(DummyProgram.Executable, ["spork", "run-without-proc", "--", .. program]);
        Assert.SkipWhen(run.Code == 77, NotTested);
        return run;
    }
}
