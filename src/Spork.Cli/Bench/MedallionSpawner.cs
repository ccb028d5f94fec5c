using System.Diagnostics;

namespace Spork.Cli.Bench;

/// <summary>MedallionShell always redirects the streams: that is its design, and part of its figure.</summary>
internal sealed class MedallionSpawner(string program) : ISpawner
{
    public (long CallReturned, long Reaped) Spawn()
    {
        var start = Stopwatch.GetTimestamp();
        var command = Medallion.Shell.Command.Run(program);
        var returned = Stopwatch.GetTimestamp();
        command.Wait();
        var reaped = Stopwatch.GetTimestamp();
        return (returned - start, reaped - start);
    }

    public void Run() => Medallion.Shell.Command.Run(program).Wait();
}
