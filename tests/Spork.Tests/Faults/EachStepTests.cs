using System.Runtime.InteropServices;
using System.Text.Json;
using Spork.Tests.Support;
using Spork.Tests.Tracing;

namespace Spork.Tests.Faults;

/// <summary>
/// Each step of each kind's listing refused to the child in turn, so that no step is without a test that makes it fail:
/// a step that is new is refused because it is listed. The failure has the index, the name, the subject, the errno and the
/// call of that step (the driver's EachStepCommand says which steps a filter cannot tell apart), and nothing stays behind.
/// </summary>
public class EachStepTests
{
    public static TheoryData<string> Kinds => [.. ExplainTests.KindNames];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_step_refused_is_named_with_all_that_the_listing_says_of_it(string kind) =>
        AssertEachIsNamed("clone3", DriverProgram.Executable, "each-step", kind);

    [Theory]
    [InlineData("plain")]
    [InlineData("in place")]
    [InlineData("asynchronous")]
    public void So_it_is_on_the_lower_rung(string kind) =>
        AssertEachIsNamed("clone", DriverProgram.Executable, "each-step", kind);

    [Theory]
    [InlineData("task")]
    [InlineData("credentials")]
    [InlineData("dropped")]
    [InlineData("namespaces")]
    [InlineData("joined")]
    [InlineData("own identity")]
    [InlineData("mapped")]
    [InlineData("asynchronous second stage")]
    [InlineData("gated second stage")]
    public void So_it_is_through_both_stages(string kind)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"NOT TESTED: faults of '{kind}', which needs root.");
        AssertEachIsNamed("clone3", DriverProgram.Executable, "each-step", kind);
    }

    [Fact]
    public void So_it_is_where_descriptors_are_closed_one_by_one()
    {
        var calls = AssertEachIsNamed(
            "clone3",
            DriverProgram.Executable,
            "filtered",
            "close_range:ENOSYS",
            DriverProgram.Executable,
            "each-step",
            "files"
        );
        Assert.DoesNotContain("close_range", calls);
    }

    [Fact]
    public void So_it_is_where_a_cgroup_is_joined_by_hand()
    {
        using var cgroup = TestCgroup.MakeOrSkip("faults of joining a cgroup by hand");
        var calls = AssertEachIsNamed(
            "clone",
            [("TEST_CGROUP", cgroup.Path)],
            DriverProgram.Executable,
            "each-step",
            "cgroup"
        );
        Assert.Superset(new HashSet<string>(["openat", "write", "close"], StringComparer.Ordinal), calls);
    }

    private static HashSet<string> AssertEachIsNamed(string rung, string program, params string[] arguments) =>
        AssertEachIsNamed(rung, [], program, arguments);

    // Returns the calls that were refused.
    private static HashSet<string> AssertEachIsNamed(
        string rung,
        (string, string)[] environment,
        string program,
        params string[] arguments
    )
    {
        Assert.SkipUnless(
            RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "NOT TESTED: faults; the driver's filters know x64's system call numbers only."
        );
        var answer = DriverProgram.Ask([("SPORK_SPAWN", rung), .. environment], program, arguments);
        Assert.Equal(rung, answer.String("rung"));
        JsonElement[] steps = [.. answer.GetProperty("steps").EnumerateArray()];
        Assert.NotEmpty(steps);
        JsonElement[] refused = [.. steps.Where(s => s.TryGetProperty("said", out _))];
        Assert.Equal(refused.Select(s => s.String("expected")), refused.Select(s => s.String("said")));
        // No call is missing but the one that leaves: nobody comes back from exit(2).
        var calls = refused.Select(s => s.String("call")).ToHashSet(StringComparer.Ordinal);
        Assert.All(steps, s => Assert.NotEqual(calls.Contains(s.String("call")), s.String("call") == "exit"));
        Assert.Empty(answer.Strings("left"));
        return calls;
    }
}
