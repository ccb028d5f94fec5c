using System.Diagnostics;

namespace Spork.Cli.Bench;

internal sealed class SporkSpawner(string program) : ISpawner
{
    private readonly Command _command = new(program);

    public (long CallReturned, long Reaped) Spawn()
    {
        var start = Stopwatch.GetTimestamp();
        using var child = _command.Start();
        var returned = Stopwatch.GetTimestamp();
        var status = child.Wait();
        var reaped = Stopwatch.GetTimestamp();
        Require(status);
        return (returned - start, reaped - start);
    }

    public void Run() => Require(_command.Run());

    private static void Require(ExitStatus status)
    {
        if (!status.IsSuccess)
        {
            throw new InvalidOperationException($"the no-op child ended with {status}");
        }
    }
}
