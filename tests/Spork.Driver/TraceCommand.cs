using System.Text.Json.Nodes;
using Spork.Programs;
using Spork.Spawning;

namespace Spork.Driver;

/// <summary>Writes down the program of one kind, then runs it, once, for strace to watch.</summary>
internal static class TraceCommand
{
    internal static int Run(string kind, string directory)
    {
        var work = Path.Combine(directory, "work");
        Directory.CreateDirectory(work);
        var command = Kinds.Make(kind, kind == "cgroup" ? Environment.GetEnvironmentVariable("TEST_CGROUP")! : work);
        var inPlace = kind == "in place";
        var mode = new StartMode(kind is "asynchronous" or "gated", kind == "gated", SpawnLadder.Rung, inPlace);
        File.WriteAllText(Path.Combine(directory, "program.json"), Describe(command, mode).ToJsonString());

        // The probe of the ladder has made its children by now; the next one is the one to be looked at.
        _ = File.Exists("/spork-driver-starts-now");
        if (inPlace)
        {
            command.ExecInPlace();
        }

        var status = kind switch
        {
            "asynchronous" => command.StartAsync().AsTask().GetAwaiter().GetResult().Wait(),
            "gated" => Release(command),
            _ => command.Run(),
        };
        return status.IsSuccess ? 0 : 1;
    }

    private static ExitStatus Release(Command command)
    {
        using var gated = command.StartGated();
        using var child = gated.Release();
        return child.Wait();
    }

    private static JsonObject Describe(Command command, StartMode mode)
    {
        var program = CommandCompiler.Compile(command.Options, InheritedEnvironment.Current(), mode);
        var listing = command.Explain(mode);
        var steps = new JsonArray();
        for (var i = 0; i < program.Steps.Count; i++)
        {
            steps.Add(Describe(program.Steps[i], listing.Lines[i].Call));
        }

        return new JsonObject
        {
            ["via"] = listing.Via,
            ["pid"] = Environment.ProcessId,
            ["steps"] = steps,
        };
    }

    private static JsonObject Describe(Step step, string call)
    {
        var jumps = new JsonObject();
        foreach (var handler in step.Handlers)
        {
            jumps[new Errno(handler.Errno).Name] = handler.Target;
        }

        return new JsonObject
        {
            ["call"] = call,
            ["next"] = step.Next,
            ["jumps"] = jumps,
        };
    }
}
