using System.Diagnostics;

namespace Spork.Cli.Bench;

/// <summary>One call from start to end; there is no moment at which it returns in between.</summary>
internal sealed class SporkRunSpawner(string program) : ISpawner
{
    private readonly Command _command = new(program);

    public (long CallReturned, long Reaped) Spawn()
    {
        var start = Stopwatch.GetTimestamp();
        var status = _command.Run();
        var reaped = Stopwatch.GetTimestamp() - start;
        SporkSpawner.Require(status);
        return (reaped, reaped);
    }

    public void Run() => SporkSpawner.Require(_command.Run());
}
