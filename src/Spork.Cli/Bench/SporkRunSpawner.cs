using System.Diagnostics;

namespace Spork.Cli.Bench;

/// <summary>One call from start to end; there is no moment at which it returns in between.</summary>
internal sealed class SporkRunSpawner(string program) : ISpawner
{
    private readonly SporkSpawner _spork = new(program);

    public (long CallReturned, long Reaped) Spawn()
    {
        var start = Stopwatch.GetTimestamp();
        Run();
        var reaped = Stopwatch.GetTimestamp() - start;
        return (reaped, reaped);
    }

    public void Run() => _spork.Run();
}
