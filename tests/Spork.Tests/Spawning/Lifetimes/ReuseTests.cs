using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>No process is ever signalled that only has the number of one that was meant: reuse is forced.</summary>
public class ReuseTests
{
    [Theory]
    [InlineData("before-opening")]
    [InlineData("parent")]
    [InlineData("root")]
    public void A_stranger_that_gets_a_number_again_lives_on(string when)
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
        var answer = DriverProgram.Ask([], unshare, [.. namespaces, .. first, DriverProgram.Executable, "reuse", when]);
        Assert.Equal(1, answer.GetProperty("strangers").GetInt32());
        Assert.Empty(answer.GetProperty("ended").EnumerateArray());
        Assert.Equal(1, answer.GetProperty("childrenOfStrangers").GetInt32());
    }
}
