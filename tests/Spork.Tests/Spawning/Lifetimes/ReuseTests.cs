using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>No process is ever signalled that only has the number of one that was meant: reuse is forced.</summary>
public class ReuseTests
{
    [Theory]
    [InlineData("before-opening")]
    [InlineData("parent")]
    [InlineData("root")]
    public void A_stranger_that_gets_a_number_again_lives_on(string when) => AssertLivesOn(when, []);

    [Fact]
    public void A_stranger_that_gets_the_number_libc_told_lives_on_and_the_status_is_lost()
    {
        var answer = AssertLivesOn("posix-spawn", [("SPORK_SPAWN", "posix_spawn")]);
        Assert.True(answer.GetProperty("number").GetBoolean());
        Assert.False(answer.GetProperty("killed").GetBoolean());
        Assert.Equal("Lost", answer.String("status"));
    }

    private static JsonElement AssertLivesOn(string when, (string, string)[] environment)
    {
        const string NotTested = "reuse of process numbers in a pid namespace";
        var unshare = Tools.FindOrSkip("unshare", NotTested);
        string[] namespaces = ["--pid", "--fork", "--mount-proc"];
        const string Probe = "f=/proc/sys/kernel/ns_last_pid; echo 200 >$f && test $$ -lt 200";
        var probe = ToolRun.Of(unshare, [.. namespaces, "sh", "-c", Probe]);
        if (probe.Code != 0)
        {
            namespaces = ["--user", "--map-root-user", .. namespaces];
            probe = ToolRun.Of(unshare, [.. namespaces, "sh", "-c", Probe]);
        }

        Assert.SkipUnless(probe.Code == 0, $"NOT TESTED: {NotTested}. {probe.Errors}");
        // The shell stays pid 1: as pid 1 the driver's runtime would reap what is not its own.
        string[] first = ["sh", "-c", "\"$@\"; exit $?", "sh"];
        var answer = DriverProgram.Ask(
            environment,
            unshare,
            [.. namespaces, .. first, DriverProgram.Executable, "reuse", when]
        );
        Assert.Equal(1, answer.GetProperty("strangers").GetInt32());
        Assert.Empty(answer.GetProperty("ended").EnumerateArray());
        Assert.Equal(1, answer.GetProperty("childrenOfStrangers").GetInt32());
        return answer;
    }
}
