using System.Runtime.CompilerServices;

namespace Spork.AotProbe;

// Spork in a program that was compiled ahead of time, or trimmed: each check says "ok NAME", or "FAILED NAME: why".
// `probe`: all of them. `probe NAME…`: these. `probe exec`: becomes another program, which ends with 9.
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["exec"])
        {
            new Command("sh", "-c", "exit 9").ExecInPlace();
        }

        Console.WriteLine($"dynamic code: {RuntimeFeature.IsDynamicCodeSupported}");
        Console.WriteLine($"version: {Environment.Version.Major}");
        Console.WriteLine($"via: {SpawnLadder.Current}");
        var failed = 0;
        foreach (var (name, check) in Checks.All)
        {
            if (arguments.Length > 0 && !arguments.Contains(name, StringComparer.Ordinal))
            {
                continue;
            }

#pragma warning disable CA1031 // Whatever it is, it is what this program is there to tell.
            try
            {
                await check();
                Console.WriteLine($"ok {name}");
            }
            catch (Exception e)
            {
                failed++;
                Console.WriteLine($"FAILED {name}: {e}");
            }
#pragma warning restore CA1031
        }

        return failed;
    }
}
