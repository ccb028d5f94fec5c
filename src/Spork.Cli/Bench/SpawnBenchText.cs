using System.Globalization;
using Spork.Cli.Output;

namespace Spork.Cli.Bench;

/// <summary>The bench for people: header, rivals, throughput, goals.</summary>
internal static class SpawnBenchText
{
    public static void Write(SpawnBenchResult result)
    {
        var output = Console.Out;
        var options = result.Options;
        output.Write($"{result.Machine.Header}\n");
        output.Write(
            $"{options.Rounds} interleaved rounds of {options.Batch} spawns of a static no-op program; "
                + "median (lowest–highest round), microseconds\n\n"
        );
        WriteTimes(result);
        output.Write('\n');
        WriteThroughput(result);
        output.Write('\n');
        WriteGoals(result.Goals);
        foreach (var note in result.Notes)
        {
            output.Write($"{note}\n");
        }
    }

    private static void WriteTimes(SpawnBenchResult result)
    {
        var table = new TextTable("rival", "heap", "call returns", "p99", "start to reaped", "p99", "bytes/spawn");
        table.AlignRight(1, 2, 3, 4, 5, 6);
        foreach (var r in result.Results)
        {
            table.Add(
                r.Rival,
                HeapSize.Format(r.Heap),
                r.Is(RivalNames.SporkRun) ? "–" : r.CallReturns.Format("0.0"),
                r.Is(RivalNames.SporkRun) ? "–" : Number(r.CallReturnsP99, "0"),
                r.Reaped.Format("0.0"),
                Number(r.ReapedP99, "0"),
                RivalNames.IsNative(r.Rival) ? "–" : Number(r.AllocatedEach, "0")
            );
        }

        table.Write();
    }

    private static void WriteThroughput(SpawnBenchResult result)
    {
        var table = new TextTable("rival", "spawns/s at 1", $"spawns/s at {SpawnBenchOptions.Threads}", "bytes/spawn");
        table.AlignRight(1, 2, 3);
        foreach (var r in result.Results.Where(r => r.PerSecondAt8.Count > 0))
        {
            table.Add(
                r.Rival,
                Spread.Of(r.PerSecondAt1).Format("0"),
                Spread.Of(r.PerSecondAt8).Format("0"),
                RivalNames.IsNative(r.Rival) ? "–" : Number(Statistics.Median(r.AllocatedEachAt8), "0")
            );
        }

        table.Write();
    }

    private static void WriteGoals(IReadOnlyList<Goal> goals)
    {
        var table = new TextTable("goal", "measured", "bound", "verdict").AlignRight(1, 2);
        foreach (var goal in goals)
        {
            table.Add(goal.What, goal.FigureText, goal.BoundText, goal.Verdict);
        }

        table.Write();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
