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
                "start-and-die" => StartAndDie(command),
                "start-and-exit" => Dying.StartAndExit(command),
                "start-async-and-die" => Dying.AfterStartAsync(command),
                "start-on-pool-and-die" => Dying.AfterStartOnPool(command),
                "scope-and-die" => Dying.InScope(command),
                "scope-async-and-die" => Dying.InScopeAsync(command),
                "detach-and-die" => Dying.AfterDetaching(command),
                "gate-and-die" => GateAndDie(command),
                "run-starved" => Starved.Run(command, openFiles: 3),
                "run-cycle-starved" => Starved.Run(Starved.WithCycle(command), openFiles: 4),
                "run-without-proc" => WithoutProc.Run(command),
                "run-async-without-proc" => WithoutProc.RunAsync(command),
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

    internal static int Die()
    {
        Console.Out.Flush();
        _ = LibC.Kill(System.Environment.ProcessId, 9);
        return 70;
    }
}
