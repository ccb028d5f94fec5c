using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>
/// Children of Spork and of System.Diagnostics.Process side by side, each with an exit code of its own, while another
/// thread looks for zombies; or beside a thread that reaps whatever it finds.
/// </summary>
internal static class BesideCommand
{
    private static readonly ConcurrentDictionary<string, int> Spork = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, int> Others = new(StringComparer.Ordinal);
    private static volatile bool s_done;

    internal static int Run(int count, bool rogue, bool ownOnly = false, bool alone = false)
    {
        // The runtime's SIGCHLD handling is in place from its first child on.
        using var first = alone ? null : Process.Start("/bin/true");
        if (rogue)
        {
            // Its end must be known before anybody else reaps: a stolen child makes the runtime end this process
            // (FailFast "Error while reaping child", dotnet/runtime#116385). Only here: where SIGCHLD is inherited
            // ignored, this call never returns.
            first!.WaitForExit();
        }

        var zombies = new ZombieWatch();
        var helper = new Thread(() => Look(zombies, rogue)) { IsBackground = true };
        helper.Start();
        Parallel.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = 6 },
            i =>
            {
                if (i % 2 == 0 || rogue || ownOnly)
                {
                    RunSpork(i);
                }
                else
                {
                    RunProcess(i);
                }
            }
        );
        s_done = true;
        helper.Join();
        Console.WriteLine(
            new JsonObject
            {
                ["pid"] = Environment.ProcessId,
                ["sigchld"] = SpawnLadder.Inspect().First(f => f.Name == "SIGCHLD").State.ToString(),
                ["spork"] = Counts(Spork),
                ["process"] = Counts(Others),
                ["longestZombieMilliseconds"] = zombies.Longest,
                ["children"] = new JsonArray([.. ChildEntry.ListOwn().Select(c => JsonValue.Create(c.ToString()))]),
            }.ToJsonString()
        );
        return 0;
    }

    private static void RunSpork(int i)
    {
        var code = (i / 2) % 200;
        var command = new Command("/bin/sh", "-c", $"exit {code}");
        var status = (i % 6) switch
        {
            0 => command.Run(),
            2 => command.RunAsync().GetAwaiter().GetResult(),
            _ => Watched(command),
        };
        var outcome =
            status.Kind == ExitKind.Lost ? "lost"
            : status.Code == code ? "right"
            : $"wrong: {status}, not {code}";
        Spork.AddOrUpdate(outcome, 1, (_, n) => n + 1);
    }

    private static ExitStatus Watched(Command command)
    {
        using var child = command.Start();
        return child.WaitAsync().GetAwaiter().GetResult();
    }

    private static void RunProcess(int i)
    {
        var code = (i / 2) % 200;
        using var process = Process.Start("/bin/sh", ["-c", $"exit {code}"]);
        process.WaitForExit();
        Others.AddOrUpdate(
            process.ExitCode == code ? "right" : $"wrong: {process.ExitCode}, not {code}",
            1,
            (_, n) => n + 1
        );
    }

    private static unsafe void Look(ZombieWatch zombies, bool rogue)
    {
        while (!s_done)
        {
            if (rogue)
            {
                int status;
                if (LibC.WaitPid(-1, &status, 0) < 0)
                {
                    Thread.Yield();
                }
            }
            else
            {
                zombies.Look();
                Thread.Sleep(5);
            }
        }
    }

    private static JsonObject Counts(ConcurrentDictionary<string, int> counts) =>
        new(counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)JsonValue.Create(c.Value))));
}
