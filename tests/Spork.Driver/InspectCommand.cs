using System.Text.Json.Nodes;
using Spork.Dummy;

namespace Spork.Driver;

/// <summary>What Inspect finds, and whether programs start, under refusals and perhaps without /proc.</summary>
internal static class InspectCommand
{
    internal const string WithoutProcWord = "without-proc";

    internal static int Run(string[] arguments)
    {
        // Made here, where /proc is and threads can be made.
        _ = Spawning.Reactor.Instance;
        JsonObject? result = null;
        var thread = new Thread(() =>
        {
            if (arguments.Contains(WithoutProcWord) && !WithoutProc.Leave())
            {
                return;
            }

            Seccomp.Install(arguments.Where(a => a != WithoutProcWord).Select(Refusal.Parse));
            result = Look();
        });
        thread.Start();
        thread.Join();
        if (result is null)
        {
            return WithoutProc.CannotUnmount;
        }

        Console.WriteLine(result.ToJsonString());
        return 0;
    }

    private static JsonObject Look()
    {
        var command = new Command("/bin/sh", "-c", "exit 8");
        return new()
        {
            ["findings"] = new JsonObject(
                SpawnLadder
                    .Inspect()
                    .Select(f =>
                        KeyValuePair.Create(
                            f.Name,
                            (JsonNode?)
                                new JsonObject
                                {
                                    ["state"] = $"{f.State}",
                                    ["detail"] = f.Detail,
                                    ["cost"] = f.Cost,
                                }
                        )
                    )
            ),
            ["start"] = Outcome(() => command.Run()),
            ["asynchronous"] = Outcome(() => command.RunAsync().GetAwaiter().GetResult()),
        };
    }

    private static string Outcome(Func<ExitStatus> run)
    {
        try
        {
            return run().ToString();
        }
        catch (Exception e) when (e is SpawnException or SystemCallException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }
}
