using System.IO.Pipes;
using System.Text.Json.Nodes;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>Stops a tree when this process has no descriptor left, and says what came of it. Run with a low limit.</summary>
internal static class ShortageCommand
{
    // Stopped, so that it does not end by itself when those have.
    private const string Tree = "sleep 1000 & sleep 1000 & echo ready; kill -STOP $$; wait";

    internal static int Run(string how, string where)
    {
        Warm();
        var command = new Command("sh", "-c", Tree).WithStandardInput(Stdio.Null).WithStandardOutput(Stdio.Pipe);
        var child = where switch
        {
            "cgroup" or "left-cgroup" => command.WithOwnCgroup().Start(),
            "group" => command.WithProcessGroup().Start(),
            _ => command.Start(),
        };
        _ = child.StandardOutput.ReadByte();
        var members = Members(child.Id);
        if (where == "left-cgroup")
        {
            File.WriteAllText(Path.Combine(child.OwnCgroup!, "..", "cgroup.procs"), $"{child.Id}");
        }

        var failure = Starve(() => Stop(child, how));
        var report = new JsonObject
        {
            ["result"] = failure.Result,
            ["errno"] = (failure.Thrown as SystemCallException)?.Errno.Name,
            ["thrown"] = failure.Thrown?.GetType().Name,
            ["childEnded"] = child.Wait(TimeSpan.FromSeconds(10)) is not null,
            ["members"] = members.Count,
            ["left"] = LeftSoon(members),
        };
        Console.WriteLine(report.ToJsonString());
        members.ForEach(m => new Command("kill", "-9", $"{m}").WithStandardError(Stdio.Null).Run());
        return 0;
    }

    /// <summary>A run is cancelled, or takes too long, when no descriptor is left to look for its tree.</summary>
    internal static int CancelledRun(string how)
    {
        Warm();
        using var ready = new AnonymousPipeServerStream(PipeDirection.In);
        using var cancellation = new CancellationTokenSource();
        var clock = new ManualClock();
        var command = new Command("sh", "-c", "sleep 1000 & echo $$ >&9; wait")
            .WithStandardInput(Stdio.Null)
            .WithDescriptor(9, Stdio.FromHandle(ready.ClientSafePipeHandle))
            .WithStop(new StopOptions { Reach = StopReach.Tree });
        command = how == "timeout" ? clock.For(command) : command;

        // On a thread of its own: the pool may want another one just then, which is not to be had without a descriptor.
        var run = Task.Factory.StartNew(() => command.Run(cancellation.Token), TaskCreationOptions.LongRunning);
        var child = ReadNumber(ready);
        var members = Members(child);
        var thrown = Starve(() =>
        {
            if (how == "timeout")
            {
                clock.EndAllTime();
            }
            else
            {
                cancellation.Cancel();
            }

            return run.GetAwaiter().GetResult().ToString();
        }).Thrown;
        var report = new JsonObject
        {
            ["thrown"] = thrown?.GetType().Name,
            ["inner"] = (thrown?.InnerException as SystemCallException)?.Errno.Name,
            ["childEnded"] = !IsAlive(child),
        };
        Console.WriteLine(report.ToJsonString());
        members.ForEach(m => new Command("kill", "-9", $"{m}").WithStandardError(Stdio.Null).Run());
        return 0;
    }

    /// <summary>
    /// The descriptors run out while a stop waits: who was found ends by the request, and the look for others afterwards
    /// fails.
    /// </summary>
    internal static int LastLook(string where)
    {
        Warm();

        // It says that it was asked, and ends when it is told to. Born before the trap, the other has never got it: as a
        // copy of the shell it would forget a signal that came before it became sleep, and live on.
        const string Script = "sleep 1000 & trap 'echo asked; read end; exit 3' TERM; echo ready; wait";
        var command = new Command("sh", "-c", Script).WithStandardInput(Stdio.Pipe).WithStandardOutput(Stdio.Pipe);
        using var child = (where == "" ? command : command.WithOwnCgroup()).Start();
        Expect(child, "ready\n");

        // To look into its own cgroup takes no descriptor; to look into one below does.
        if (where == "nested")
        {
            Directory.CreateDirectory(Path.Combine(child.OwnCgroup!, "below"));
        }

        var patient = new StopOptions { Reach = StopReach.Tree, Grace = Timeout.InfiniteTimeSpan };

        // On a thread of its own: the pool may want another one just then, which is not to be had without a descriptor.
        var stop = Task.Factory.StartNew(() => child.Stop(patient), TaskCreationOptions.LongRunning);
        Expect(child, "asked\n");
        StopResult? result = null;
        var thrown = Starve(() =>
        {
            child.StandardInput.Write("\n"u8);
            result = stop.GetAwaiter().GetResult();
            return null;
        }).Thrown;
        var report = new JsonObject
        {
            ["means"] = result?.Means.ToString(),
            ["code"] = result?.Status.Code,
            ["lastLook"] = result?.LastLookFailure?.Errno.Name,
            ["text"] = result?.ToString(),
            ["thrown"] = thrown?.ToString(),
            ["cgroup"] = child.OwnCgroup,
        };
        Console.WriteLine(report.ToJsonString());
        return 0;
    }

    private static int ReadNumber(Stream line)
    {
        var number = 0;
        for (var digit = line.ReadByte(); digit is >= '0' and <= '9'; digit = line.ReadByte())
        {
            number = (number * 10) + digit - '0';
        }

        return number;
    }

    private static void Expect(ChildProcess child, string line)
    {
        foreach (var c in line)
        {
            if (child.StandardOutput.ReadByte() != c)
            {
                throw new InvalidOperationException($"It did not say '{line.TrimEnd()}'.");
            }
        }
    }

    private static string? Stop(ChildProcess child, string how)
    {
        var graceful = new StopOptions { Reach = StopReach.Tree };
        var atOnce = graceful with { Grace = TimeSpan.Zero };
        switch (how)
        {
            case "kill-tree":
                child.KillTree();
                child.Wait();
                return null;
            case "stop":
                return child.Stop(graceful).Means.ToString();
            case "stop-at-once":
                return child.Stop(atOnce).Means.ToString();
            default:
                return child
                    .StopAsync(how == "stop-async" ? graceful : atOnce)
                    .GetAwaiter()
                    .GetResult()
                    .Means.ToString();
        }
    }

    // Whatever the runtime loads when it is first needed, it has to load before.
    private static void Warm()
    {
        PoolThreads.MakeAll();
        foreach (var how in new[] { "kill-tree", "stop", "stop-at-once", "stop-async", "stop-async-at-once" })
        {
            using var child = new Command("sh", "-c", "sleep 1000 & wait").WithStandardInput(Stdio.Null).Start();
            Stop(child, how);
        }

        _ = Starve(() => throw new SystemCallException("warm", "up", Errno.EMFILE));
        _ = IsAlive(Environment.ProcessId);
    }

    private static (string? Result, Exception? Thrown) Starve(Func<string?> action)
    {
        var taken = new List<FileStream>();
        try
        {
            while (true)
            {
                taken.Add(new FileStream("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0));
            }
        }
        catch (IOException)
        {
            // None is left.
        }

        try
        {
            return (action(), null);
        }
        catch (Exception e)
        {
            return (null, e);
        }
        finally
        {
            taken.ForEach(file => file.Dispose());
        }
    }

    // They have SIGKILL, and nobody waits for their ends.
    private static int LeftSoon(List<int> members)
    {
        var deadline = Environment.TickCount64 + 10_000;
        while (members.Exists(IsAlive) && Environment.TickCount64 < deadline)
        {
            Thread.Sleep(1);
        }

        return members.Count(IsAlive);
    }

    private static List<int> Members(int parent) =>
        [
            .. File.ReadAllText($"/proc/{parent}/task/{parent}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse),
        ];

    private static bool IsAlive(int number)
    {
        try
        {
            return !File.ReadAllText($"/proc/{number}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
