using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Starting a program needs no /proc; chroots and early boot have none.</summary>
public class WithoutProcTests
{
    [Fact]
    public void A_program_starts_and_its_status_arrives() => Assert.Equal(5, Run("sh", "-c", "exit 5").Code);

    [Fact]
    public void So_it_does_asynchronously() =>
        Assert.Equal(6, RunVerb("run-async-without-proc", "sh", "-c", "exit 6").Code);

    [Fact]
    public void It_costs_hints_only_and_is_found_out()
    {
        var answer = Inspect();
        var finding = answer.GetProperty("findings").GetProperty("/proc");
        Assert.Equal("Degraded", finding.String("state"));
        Assert.Equal(("exit code 8", "exit code 8"), (answer.String("start"), answer.String("asynchronous")));
    }

    [Fact]
    public void Where_close_range_is_refused_as_well_nothing_starts_and_that_is_found_out()
    {
        var answer = Inspect("close_range:EPERM");
        foreach (var name in (string[])["/proc", "close_range"])
        {
            var finding = answer.GetProperty("findings").GetProperty(name);
            Assert.Equal("Missing", finding.String("state"));
            Assert.StartsWith("nothing can be started", finding.String("cost"), StringComparison.Ordinal);
        }

        Assert.Matches("^S\\w+Exception: .*(/proc/self/fd|posix_spawn)", answer.String("start"));
        Assert.Matches("^S\\w+Exception: .*(/proc/self/fd|posix_spawn)", answer.String("asynchronous"));
    }

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

    private const string NotTested = "NOT TESTED: starting without /proc. It needs a mount namespace, that is root.";

    private static ToolRun Run(params string[] program) => RunVerb("run-without-proc", program);

    private static ToolRun RunVerb(string verb, params string[] program) =>
        Checked(DummyProgram.Executable, ["spork", verb, "--", .. program]);

    private static JsonElement Inspect(params string[] refusals)
    {
        var run = Checked(DriverProgram.Executable, ["inspect", "without-proc", .. refusals]);
        Assert.True(run.Code == 0, run.Output + run.Errors);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static ToolRun Checked(string program, string[] arguments)
    {
        Assert.SkipWhen(!Environment.IsPrivilegedProcess, NotTested);
        var run = ToolRun.Of(program, arguments);
        Assert.SkipWhen(run.Code == 77, NotTested);
        return run;
    }
}
