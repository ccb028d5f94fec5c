namespace Spork.Dummy;

// A process that may open nothing more. What is open above the limit stays open, so the runtime lives on.
internal static class Starved
{
    // 1 and 2 swapped needs one spare number from 3 up; 3, which the runtime always has open, is taken.
    public static Command WithCycle(Command command) =>
        command
            .WithStandardInput(Stdio.Closed)
            .WithDescriptor(1, Stdio.FromDescriptor(2))
            .WithDescriptor(2, Stdio.FromDescriptor(1))
            .WithDescriptor(3, Stdio.Inherit);

    public static int Run(Command command, ulong openFiles)
    {
        // All code is loaded by a success and a failure before the limit falls.
        command.Run();
        try
        {
            new Command("/no/such/program").Run();
        }
        catch (SpawnException)
        {
            // As meant.
        }

        // 0 becomes free: for the pidfd, which would otherwise be the first to have no number.
        var free = openFiles > 3 ? LibC.Close(0) : 0;
        var before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        var limit = LibC.GetLimit();
        LibC.SetSoftLimit(openFiles, limit);
        SpawnException? failure = null;
        try
        {
            command.Run();
        }
        catch (SpawnException e)
        {
            failure = e;
        }

        LibC.SetSoftLimit(limit.Soft, limit);
        var left = Directory.GetFileSystemEntries("/proc/self/fd").Length - before;
        var children = File.ReadAllText("/proc/thread-self/children");
        if (failure is null)
        {
            return 70 + free;
        }

        SporkCommands.Report(command, failure);
        Console.WriteLine($"left={left}{children}");
        return SporkCommands.SpawnFailed;
    }
}
