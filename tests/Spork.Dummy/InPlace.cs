using System.Text;

namespace Spork.Dummy;

// Exec in place cannot be tried in the tests' own process: it would become the program.
internal static class InPlace
{
    public static int Exec(Command command)
    {
        Console.WriteLine($"pid={System.Environment.ProcessId}");
        Console.Out.Flush();
        command.ExecInPlace();
        return 70;
    }

    // The hard case: not the main thread, and many others alive and running.
    public static int ExecFromPool(Command command)
    {
        for (var i = 0; i < 20; i++)
        {
            new Thread(Spin) { IsBackground = true }.Start();
        }

        return Task.Run(() => Exec(command)).GetAwaiter().GetResult();
    }

    // What the process is, before and after a failure: printed only where it differs.
    public static int ExecFails(Command command)
    {
        Try(command);
        var before = Look();
        var failure = Try(command);
        var after = Look();
        SporkCommands.Report(command, failure);
        foreach (var (name, value) in before)
        {
            if (after[name] != value)
            {
                Console.WriteLine($"changed={name}\n--- before\n{value}\n--- after\n{after[name]}");
            }
        }

        Console.WriteLine("alive");
        return 0;
    }

    private static SpawnException Try(Command command)
    {
        try
        {
            command.ExecInPlace();
            throw new InvalidOperationException("It came back.");
        }
        catch (SpawnException e)
        {
            return e;
        }
    }

    private static void Spin()
    {
        while (true)
        {
            Thread.Sleep(1);
        }
    }

    private static Dictionary<string, string> Look()
    {
        var descriptors = new StringBuilder();
        foreach (
            var link in new DirectoryInfo("/proc/self/fd")
                .GetFileSystemInfos()
                .OrderBy(f => f.Name, StringComparer.Ordinal)
        )
        {
            // Assemblies stay open once the runtime has loaded them, whenever it first needs them.
            var target = link.LinkTarget;
            descriptors.Append(
                target is not null && !target.EndsWith(".dll", StringComparison.Ordinal)
                    ? $"{link.Name} {target}\n"
                    : ""
            );
        }

        var status = File.ReadLines("/proc/self/status").Where(IsStable);
        var stat = File.ReadAllText("/proc/self/stat");
        return new()
        {
            ["descriptors"] = descriptors.ToString(),
            ["directory"] = System.Environment.CurrentDirectory,
            ["limits"] = File.ReadAllText("/proc/self/limits"),
            ["status"] = string.Join('\n', status),
            ["nice"] = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16],
        };
    }

    private static bool IsStable(string line) =>
        line.StartsWith("Sig", StringComparison.Ordinal)
            && !line.StartsWith("SigQ", StringComparison.Ordinal)
            && !line.StartsWith("SigPnd", StringComparison.Ordinal)
        || line.StartsWith("Umask", StringComparison.Ordinal)
        || line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal);
}
