using System.Diagnostics;

namespace Spork.Cli.Bench;

/// <summary>System.Diagnostics.Process at its leanest: nothing redirected, no shell.</summary>
internal sealed class ProcessSpawner(string program) : ISpawner
{
    private readonly ProcessStartInfo _start = new(program) { UseShellExecute = false };

    public (long CallReturned, long Reaped) Spawn()
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(_start)!;
        var returned = Stopwatch.GetTimestamp();
        process.WaitForExit();
        var reaped = Stopwatch.GetTimestamp();
        return (returned - start, reaped - start);
    }

    public void Run()
    {
        using var process = Process.Start(_start)!;
        process.WaitForExit();
    }
}
