using System.CommandLine;
using System.Globalization;
using Spork.Cli.Syntax;

namespace Spork.Cli.Bench;

/// <summary>
/// The hidden command behind a rival: each rival measures in a process of its own, because Process installs a
/// SIGCHLD handler that would wake for everybody's children, and a heap must be one rival's alone.
/// </summary>
internal static class BenchWorkerCommand
{
    public const string Name = "bench-worker";

    public static System.CommandLine.Command Describe()
    {
        var rival = new Argument<string>("rival");
        var child = new Argument<string>("child");
        var heap = new Argument<string>("heap");
        var command = new System.CommandLine.Command(Name, "One rival of a bench") { Hidden = true };
        command.Add(rival);
        command.Add(child);
        command.Add(heap);
        command.SetAction(parsed =>
        {
            var spawner = Create(parsed.GetRequiredValue(rival), parsed.GetRequiredValue(child));
            var bytes = ByteSize.Parse("heap", parsed.GetRequiredValue(heap));
            var held = TouchedHeap.Allocate(bytes);
            WorkerLoop.Serve(spawner, Console.In, Console.Out);
            GC.KeepAlive(held);
            return ExitCodes.Success;
        });
        return command;
    }

    private static ISpawner Create(string rival, string child) =>
        rival switch
        {
            RivalNames.Spork => new SporkSpawner(child),
            RivalNames.SporkRun => new SporkRunSpawner(child),
            RivalNames.Process => new ProcessSpawner(child),
            RivalNames.Medallion => new MedallionSpawner(child),
            _ => throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"no rival '{rival}'")),
        };
}
