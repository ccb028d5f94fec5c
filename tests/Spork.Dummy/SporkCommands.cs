namespace Spork.Dummy;

// Uses the library as another process: another user, another set of limits, a parent that dies.
internal static class SporkCommands
{
    internal const int SpawnFailed = 99;

    // spork VERB [OPTION VALUE]… -- PROGRAM ARGUMENT…
    public static int Run(ReadOnlySpan<string> arguments)
    {
        var split = arguments.IndexOf("--");
        var command = CommandLine.Parse(arguments[1..split], arguments[(split + 1)..]);
        try
        {
            return arguments[0] switch
            {
                "run" => command.Run().ShellCode,
                "run-async" => command.RunAsync().GetAwaiter().GetResult().ShellCode,
                "run-from-short-thread" => FromShortThread(command),
                "start-and-die" => StartAndDie(command),
                "gate-and-die" => GateAndDie(command),
                "run-starved" => Starved(command),
                "exec" => InPlace.Exec(command),
                "exec-from-pool" => InPlace.ExecFromPool(command),
                "exec-fails" => InPlace.ExecFails(command),
                _ => Commands.Usage($"unknown verb '{arguments[0]}'"),
            };
        }
        catch (SpawnException e)
        {
            Report(command, e);
            return SpawnFailed;
        }
    }

    internal static void Report(Command command, SpawnException e)
    {
        Console.WriteLine($"step={e.Step}");
        Console.WriteLine($"index={e.StepIndex}");
        Console.WriteLine($"count={e.StepCount}");
        Console.WriteLine($"errno={e.Errno.Name}");
        Console.WriteLine($"subject={e.Subject}");
        Console.WriteLine($"message={e.Message}");
        if (e.StepIndex > 0 && command.Explain().Lines.Count >= e.StepIndex)
        {
            Console.WriteLine($"explained={command.Explain().Lines[e.StepIndex - 1].Call}");
        }
    }

    // The thread that asked for the start ends while the child runs.
    private static int FromShortThread(Command command)
    {
        ChildProcess? child = null;
        var thread = new Thread(() => child = command.Start());
        thread.Start();
        thread.Join();
        using (child)
        {
            return child!.Wait().ShellCode;
        }
    }

    // A real end of the process, without any of the runtime's goodbyes.
    private static int StartAndDie(Command command)
    {
        using var child = command.Start();
        Console.WriteLine(child.Id);
        return Die();
    }

    private static int GateAndDie(Command command)
    {
        using var gated = command.StartGated();
        Console.WriteLine(gated.Id);
        return Die();
    }

    // No descriptor is left for a pidfd: what fills the table is opened here, so nothing else needs one meanwhile.
    private static int Starved(Command command)
    {
        command.Run();
        var handles = new List<FileStream>();
        try
        {
            while (true)
            {
                handles.Add(File.OpenRead("/dev/null"));
            }
        }
        catch (IOException)
        {
            // EMFILE: as meant.
        }

        try
        {
            return command.Run().ShellCode;
        }
        catch (SpawnException e)
        {
            handles.ForEach(h => h.Dispose());
            Report(command, e);
            return SpawnFailed;
        }
    }

    private static int Die()
    {
        Console.Out.Flush();
        _ = LibC.Kill(System.Environment.ProcessId, 9);
        return 70;
    }
}
