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
        var mode = new StartMode(IsAsynchronous(kind), IsGated(kind), SpawnLadder.Rung, inPlace);
        for (var i = 0; i < (kind == "reset ids" ? 2 : 1); i++)
        {
            if (i > 0)
            {
                // It keeps what it finds open: what is opened once, and kept, shall be there before it is written down.
                command.Start().Wait();
            }

            File.WriteAllText(Path.Combine(directory, "program.json"), Describe(command, mode).ToJsonString());
        }

        // The probe of the ladder has made its children by now; the next one is the one to be looked at.
        _ = File.Exists("/spork-driver-starts-now");
        if (inPlace)
        {
            command.ExecInPlace();
        }

        if (kind == "busy")
        {
            return IsRefused(command) ? 0 : 1;
        }

        var status =
            IsGated(kind) ? Release(command)
            : IsAsynchronous(kind) ? command.StartAsync().AsTask().GetAwaiter().GetResult().Wait()
            : command.Run();
        return status.IsSuccess ? 0 : 1;
    }

    private static bool IsRefused(Command command)
    {
        try
        {
            command.Run();
            return false;
        }
        catch (SpawnException e) when (e.Errno == Errno.ETXTBSY)
        {
            return true;
        }
    }

    private static bool IsGated(string kind) => kind.StartsWith("gated", StringComparison.Ordinal);

    private static bool IsAsynchronous(string kind) =>
        IsGated(kind) || kind.StartsWith("asynchronous", StringComparison.Ordinal);

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
        foreach (var stage in new[] { program, program.Second })
        {
            var before = steps.Count;
            foreach (var step in stage?.Steps ?? [])
            {
                steps.Add(Describe(step, before, program.Steps.Count, listing.Lines[steps.Count].Call));
            }
        }

        return new JsonObject
        {
            ["via"] = listing.Via,
            ["pid"] = Environment.ProcessId,
            ["steps"] = steps,
        };
    }

    private static JsonObject Describe(Step step, int before, int second, string call)
    {
        var jumps = new JsonObject();
        foreach (var handler in step.Handlers)
        {
            var name = handler.Errno == 0 ? "any" : new Errno(handler.Errno).Name;
            jumps[name] = new JsonObject { ["target"] = before + handler.Target, ["budget"] = handler.Budget };
        }

        return new JsonObject
        {
            ["call"] = call,
            ["next"] = step.IsExec ? second : before + step.Next,
            ["jumps"] = jumps,
        };
    }
}
