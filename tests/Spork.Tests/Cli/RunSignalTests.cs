using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>Signals sent to spork while its command runs; no terminal here, so each came from a kill.</summary>
public class RunSignalTests
{
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("QUIT", 131)]
    public void A_signal_to_spork_goes_on_to_the_command(string signal, int code)
    {
        using var process = SporkCli.Start(
            _ => { },
            "run",
            "--limit",
            "core=0",
            "--",
            "sh",
            "-c",
            "echo ready; exec sleep 60"
        );
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Send(signal, process);
        var run = ToolRun.Finish(process);
        Assert.Equal((code, ""), (run.Code, run.Errors));
    }

    [Fact]
    public void A_command_that_handles_the_signal_decides_the_exit_code()
    {
        using var process = SporkCli.Start(
            _ => { },
            "run",
            "--",
            "sh",
            "-c",
            "trap 'echo once; exit 3' TERM; echo ready; while :; do sleep 0.05; done"
        );
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        Send("TERM", process);
        var run = ToolRun.Finish(process);
        Assert.Equal((3, "once\n"), (run.Code, run.Output));
    }

    [Fact]
    public void A_hangup_that_nohup_ignores_does_not_reach_the_command()
    {
        // Bash's trap '' is what nohup does.
        using var nohup = ToolRun.Start(
            new ProcessStartInfo(
                "bash",
                ["-c", "trap '' HUP; exec $SPORK run -- sh -c 'echo ready; sleep 1; echo done'"]
            )
            {
                Environment = { ["SPORK"] = SporkCli.Line },
            }
        );
        Assert.Equal("ready", nohup.StandardOutput.ReadLine());
        Send("HUP", nohup);
        var run = ToolRun.Finish(nohup);
        Assert.Equal((0, "done\n"), (run.Code, run.Output));
    }

    [Theory]
    [InlineData("")]
    [InlineData("posix_spawn")]
    public void A_signal_during_a_blocked_start_gives_the_start_up_and_leaves_no_child(string rung)
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        using var process = SporkCli.Start(
            start => start.Environment["SPORK_SPAWN"] = rung,
            "run",
            "--stdin",
            fifo,
            "--",
            "true"
        );
        Assert.True(
            SpinWait.SpinUntil(() => ChildrenOf(process.Id).Any(IsBlockedInOpen), TimeSpan.FromSeconds(20)),
            "the start never blocked"
        );
        var child = ChildrenOf(process.Id).First(IsBlockedInOpen);
        Send("TERM", process);
        Promise.OneErrorLine(ToolRun.Finish(process), 143, "SIGTERM", "'true'");
        Assert.True(
            SpinWait.SpinUntil(() => Stat(child) is [] or ["Z", ..], TimeSpan.FromSeconds(10)),
            "the child is still there"
        );
    }

    private static void Send(string signal, Process process) =>
        Assert.Equal(0, ToolRun.Of("kill", $"-{signal}", $"{process.Id}").Code);

    private static IEnumerable<int> ChildrenOf(int parent) =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id =>
                id > 0 && Stat(id) is { Length: > 1 } fields && int.TryParse(fields[1], out var ppid) && ppid == parent
            );

    private static bool IsBlockedInOpen(int id) => Stat(id) is ["S", ..];

    private static string[] Stat(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return []; // It has ended since.
        }
    }
}
