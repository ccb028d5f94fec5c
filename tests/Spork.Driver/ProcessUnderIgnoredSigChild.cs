using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>
/// What System.Diagnostics.Process tells of its own child where SIGCHLD was inherited ignored: alone, or with children of
/// Spork before, during and after. Every question has a bound, since some are not answered there.
/// </summary>
internal static class ProcessUnderIgnoredSigChild
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    internal static int Run(bool besideSpork)
    {
        RunSpork(besideSpork);
        using var process = new Process { StartInfo = new("/bin/sh", ["-c", "exec sleep 0.2"]) };
        using var exited = new ManualResetEventSlim();
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => exited.Set();
        process.Start();
        RunSpork(besideSpork);
        var waited = process.WaitForExit(Bound);
        var told = exited.Wait(Bound);
        RunSpork(besideSpork);
        Console.WriteLine(
            new JsonObject
            {
                ["sigchld"] = SpawnLadder.Inspect().First(f => f.Name == "SIGCHLD").State.ToString(),
                ["process"] = new JsonObject
                {
                    ["waited"] = waited,
                    ["exitedRaised"] = told,
                    ["hasExited"] = process.HasExited,
                    ["exitCode"] = Code(process),
                    ["isThere"] = Directory.Exists($"/proc/{process.Id}"),
                },
            }.ToJsonString()
        );
        return 0;
    }

    private static void RunSpork(bool besideSpork)
    {
        for (var i = 0; besideSpork && i < 20; i++)
        {
            new Command("/bin/true").Run();
            new Command("/bin/true").RunAsync().GetAwaiter().GetResult();
        }
    }

    private static string Code(Process process)
    {
        try
        {
            return $"{process.ExitCode}";
        }
        catch (InvalidOperationException)
        {
            return "none";
        }
    }
}
