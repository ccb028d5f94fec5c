using System.Text.Json;
using System.Text.RegularExpressions;
using Spork.Tests.Support;

namespace Spork.Tests.Tracing;

/// <summary>
/// What Explain() says is what the kernel sees: each kind of program under strace, the child's calls in order, names and
/// arguments, up to the successful execve, or, of a program that stays busy, to the end. Where the program branches, the errno that strace saw decides the branch.
/// </summary>
public partial class ExplainTests
{
    private const string Mark = "/spork-driver-starts-now";
    private const int Failed = -2;
    private const string NotTested = "that a child's system calls equal Explain()";

    /// <summary>What a plain user may start; the driver knows each.</summary>
    internal static readonly string[] KindNames =
    [
        "plain",
        "path search",
        "exact environment",
        "null streams",
        "closed streams",
        "files",
        "handles",
        "swap",
        "cycle",
        "chain",
        "session",
        "no umask",
        "terminal",
        "terminal from 0",
        "terminal to 0",
        "terminal elsewhere",
        "group",
        "limits",
        "scheduling",
        "directory",
        "directory handle",
        "parent death",
        "signals",
        "asynchronous",
        "gated",
        "in place",
        "posix",
        "reset ids",
        "busy",
        "kept",
        "source",
    ];

    public static TheoryData<string, string> Kinds =>
        new(from rung in new[] { "clone3", "clone" } from kind in KindNames select (rung, kind));

    [Theory]
    [Trait("Tool", "strace")]
    [MemberData(nameof(Kinds))]
    public void A_childs_system_calls_equal_its_listing(string rung, string kind) =>
        AssertTraceEqualsListing(rung, kind, []);

    [Theory]
    [Trait("Tool", "strace")]
    [InlineData("clone3", "task")]
    [InlineData("clone3", "credentials")]
    [InlineData("clone", "credentials")]
    [InlineData("clone3", "dropped")]
    [InlineData("clone3", "namespaces")]
    [InlineData("clone", "namespaces")]
    [InlineData("clone3", "joined")]
    [InlineData("clone3", "own identity")]
    [InlineData("clone3", "mapped")]
    [InlineData("clone", "mapped")]
    [InlineData("clone3", "asynchronous second stage")]
    [InlineData("clone3", "gated second stage")]
    public void So_they_do_through_both_stages(string rung, string kind)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"NOT TESTED: {NotTested}: '{kind}' needs root.");
        AssertTraceEqualsListing(rung, kind, []);
    }

    [Theory]
    [Trait("Tool", "strace")]
    [InlineData("clone3")]
    [InlineData("clone")]
    public void So_they_do_for_a_child_born_in_a_cgroup(string rung)
    {
        using var cgroup = TestCgroup.MakeOrSkip($"{NotTested}, in a cgroup");
        AssertTraceEqualsListing(rung, "cgroup", [("TEST_CGROUP", cgroup.Path)]);
    }

    private static void AssertTraceEqualsListing(string rung, string kind, (string, string)[] environment)
    {
        var strace = Tools.FindOrSkip("strace", NotTested);
        using var directory = new TempDirectory();
        var trace = directory["trace"];
        var run = TracedRun.Of(
            strace,
            [("SPORK_SPAWN", rung), .. environment],
            trace,
            // The second stage maps its report: all calls, then.
            ["-e", "trace=all"],
            DriverProgram.Executable,
            "trace",
            kind,
            directory.Path
        );
        Assert.True(run.Code == 0, $"the driver ended with {run.Code}:\n{run.Errors}");

        using var program = JsonDocument.Parse(File.ReadAllText(directory["program.json"]));
        Assert.Equal(rung, program.RootElement.String("via"));
        var calls = TracedCall.Read(trace);
        var child = FindChild(calls, rung, kind);
        JsonElement[] steps = [.. program.RootElement.GetProperty("steps").EnumerateArray()];
        if (Array.Exists(steps, step => step.String("call").Contains("$stage_name", StringComparison.Ordinal)))
        {
            // The kernel's own random numbers: the runtime's keep /dev/urandom open, at the lowest free number. (Whether it
            // is opened proves nothing here: the driver has used them before.)
            Assert.Contains(
                calls.SkipWhile(c => !c.Text.Contains(Mark, StringComparison.Ordinal)),
                c => NameFromKernel().IsMatch(c.Text)
            );
        }

        Walk(steps, [.. calls.Where(c => c.Thread == child)]);
    }

    // After the mark, the first process or thread that is none of the runtime's threads (those have thread-local storage).
    private static int FindChild(IReadOnlyList<TracedCall> calls, string rung, string kind)
    {
        var birth = calls
            .SkipWhile(c => !c.Text.Contains(Mark, StringComparison.Ordinal))
            .First(c =>
                c.Text.StartsWith("clone", StringComparison.Ordinal)
                && !c.Text.Contains("CLONE_SETTLS", StringComparison.Ordinal)
            );
        // In place it is a thread of this process: with its handlers, and with no pidfd.
        var own = kind != "in place";
        (string Flag, bool Set)[] flags =
        [
            ("CLONE_VM", true),
            ("CLONE_VFORK", false),
            ("CLONE_PIDFD", own),
            ("CLONE_CLEAR_SIGHAND", own && rung == "clone3"),
            ("CLONE_INTO_CGROUP", kind == "cgroup" && rung == "clone3"),
        ];
        var set = Flag().Matches(birth.Text).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(flags, flags.Select(f => (f.Flag, set.Contains(f.Flag))));
        return (int)birth.Value;
    }

    private static void Walk(JsonElement[] steps, TracedCall[] calls)
    {
        var results = new long[steps.Length];
        var jumped = new Dictionary<string, int>(StringComparer.Ordinal);
        var at = 0;
        foreach (var call in calls)
        {
            if (at == Failed)
            {
                Assert.StartsWith("exit(", call.Text, StringComparison.Ordinal);
                return;
            }

            Assert.True(at >= 0 && at < steps.Length, $"the program has ended, yet the child calls {call.Text}");
            var expected = steps[at].String("call");
            Assert.Matches(Pattern(expected, results), call.Text);
            results[at] = call.Value;
            if (call.Errno is null && expected.StartsWith("execve(", StringComparison.Ordinal))
            {
                return;
            }

            at = call.Errno is not null
                ? JumpTarget(steps[at], call, jumped)
                : steps[at].GetProperty("next").GetInt32();
        }

        Assert.Fail($"no successful execve among:\n{string.Join('\n', calls.Select(c => c.Text))}");
    }

    // Failed: the last time that the listing allows has been.
    private static int JumpTarget(JsonElement step, TracedCall call, Dictionary<string, int> jumped)
    {
        Assert.True(
            step.GetProperty("jumps").TryGetProperty(call.Errno!, out var jump)
                || step.GetProperty("jumps").TryGetProperty("any", out jump),
            $"{call.Text} = {call.Result}: the listing knows no such error"
        );
        var times = jumped.GetValueOrDefault(call.Text);
        jumped[call.Text] = times + 1;
        var budget = jump.GetProperty("budget").GetInt32();
        return budget >= 0 && times == budget ? Failed : jump.GetProperty("target").GetInt32();
    }

    // Known at run time only: addresses of words shared with the parent, results of earlier steps, and descriptors that
    // are made for one start.
    private static string Pattern(string listed, long[] results)
    {
        var text = ResultReference().Replace(listed, m => results[int.Parse(m.Groups["step"].Value) - 1].ToString());
        var pattern = Regex.Escape(text).Replace(@"/\*", "0x[0-9a-f]+ /\\*", StringComparison.Ordinal);
        pattern = pattern.Replace(
            @"\$stage_name",
            """
            "spork\\0*1[A-Za-z0-9_-]{9}"(\.\.\.)?
            """,
            StringComparison.Ordinal
        );
        pattern = StageDescriptor().Replace(pattern, "[0-9]+");
        return $"^{SharedWord().Replace(pattern, "0x[0-9a-f]+")}$";
    }

    [GeneratedRegex("CLONE_[A-Z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Flag();

    [GeneratedRegex("<(?<step>[0-9]+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ResultReference();

    [GeneratedRegex(@"\\\$(stage_[a-z]+|pidfd)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StageDescriptor();

    // As many bytes as the name has letters that are not the same each time.
    [GeneratedRegex(@"^getrandom\(.*, 9, 0\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameFromKernel();

    [GeneratedRegex("&[a-z_>-]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SharedWord();
}
