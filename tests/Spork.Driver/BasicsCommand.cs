using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>What every rung must be able to do, and which rung it was.</summary>
internal static class BasicsCommand
{
    /// <param name="directory">An empty directory.</param>
    /// <param name="refusals">For this thread and its children, before anything was started.</param>
    internal static int Run(string directory, string[] refusals)
    {
        // What the tests below load must be loaded before: images are mapped executable too.
        foreach (var name in typeof(Command).Assembly.GetReferencedAssemblies())
        {
            _ = System.Reflection.Assembly.Load(name);
        }

        // Made here, where threads can be made: libc makes none where clone3 is refused with EPERM.
        _ = Spawning.Reactor.Instance;
        // Open, not close-on-exec, and no child's business.
        _ = LibC.Duplicate(2, 9);
        JsonObject? result = null;
        var thread = new Thread(() =>
        {
            Seccomp.Install(refusals.Select(Refusal.Parse));
            result = Try(directory);
        });
        thread.Start();
        thread.Join();
        Console.WriteLine(result!.ToJsonString());
        return 0;
    }

    private static JsonObject Try(string directory)
    {
        var result = new JsonObject();
        Note(result, "rung", () => SpawnLadder.Current);
        Note(result, "listing", () => new Command("/bin/true").Explain().Via);
        Note(result, "success", () => new Command("/bin/true").Run().ToString());
        Note(result, "code", () => new Command("/bin/sh", "-c", "exit 7").Run().ToString());
        Note(result, "signal", () => new Command("/bin/sh", "-c", "kill -9 $$").Run().ToString());
        Note(
            result,
            "asynchronous",
            () => new Command("/bin/sh", "-c", "exit 8").RunAsync().GetAwaiter().GetResult().ToString()
        );
        Note(result, "missing", () => new Command("/no/such/program").Run().ToString());
        Note(result, "missing via", () => Via(new Command("/no/such/program")));
        Note(result, "directory", () => new Command("/bin/true").WithWorkingDirectory("/no/such").Run().ToString());
        Note(result, "output", () => Output(directory, f => new Command("/bin/echo", "hello").WithStandardOutput(f)));
        Note(
            result,
            "environment",
            () =>
                Output(
                    directory,
                    f => new Command("/usr/bin/env").WithEnvironment([new("A", "b")]).WithStandardOutput(f)
                )
        );
        Note(
            result,
            "working directory",
            () => Output(directory, f => new Command("/bin/pwd").WithWorkingDirectory("/").WithStandardOutput(f))
        );
        Note(
            result,
            "descriptor",
            () => Output(directory, f => new Command("/bin/sh", "-c", "echo seven >&7").WithDescriptor(7, f))
        );
        Note(
            result,
            "swap",
            () =>
                Output(
                    directory,
                    f =>
                        new Command("/bin/sh", "-c", "echo other >&2")
                            .WithStandardOutput(Stdio.Null)
                            .WithStandardError(f)
                )
        );
        Note(result, "closed", () => new Command("/bin/sh", "-c", "test ! -e /proc/$$/fd/9").Run().ToString());
        Note(result, "umask", () => new Command("/bin/true").WithUmask(0).Run().ToString());
        Note(result, "limit", () => new Command("/bin/true").WithLimit(Resource.CoreSize, 0).Run().ToString());
        Note(result, "gate", Gate);
        return result;
    }

    private static void Note(JsonObject result, string name, Func<string> work)
    {
        try
        {
            result[name] = work();
        }
        catch (Exception e)
        {
            result[name] = e is SpawnException s ? $"{s.Step}: {s.Errno.Name}" : $"{e.GetType().Name}: {e.Message}";
        }
    }

    private static string Gate()
    {
        using var gated = new Command("/bin/true").StartGated();
        using var child = gated.Release();
        return child.Wait().ToString();
    }

    private static string Via(Command command)
    {
        try
        {
            return command.Run().ToString();
        }
        catch (SpawnException e)
        {
            return e.Via;
        }
    }

    private static string Output(string directory, Func<Stdio, Command> command)
    {
        var file = Path.Combine(directory, "output");
        var status = command(Stdio.Write(file)).Run();
        return status.IsSuccess ? File.ReadAllText(file).TrimEnd('\n') : status.ToString();
    }
}
