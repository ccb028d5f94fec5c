using System.Globalization;
using Spork.Cli.Output;

namespace Spork.Cli.Bench.Streams;

/// <summary>The bench for people: a table for each task, the goals last.</summary>
internal static class StreamBenchText
{
    public static void Write(StreamBenchResult result)
    {
        var output = Console.Out;
        var options = result.Options;
        output.Write($"{result.Machine.Header}; load {result.LoadBefore}\n");
        output.Write(
            $"{options.Rounds} interleaved rounds of {options.Batch} programs, {options.LongRounds} rounds where much is moved; "
                + "static programs, blocks of 64 KiB; start to reaped, median (lowest–highest round)\n"
        );
        foreach (var task in result.Results.Select(r => r.Task).Distinct())
        {
            output.Write($"\n{task.Title}\n");
            WriteTask(task, [.. result.Results.Where(r => r.Task == task)]);
        }

        output.Write('\n');
        var goals = new TextTable("goal", "measured", "bound", "verdict").AlignRight(1, 2);
        foreach (var goal in result.Goals)
        {
            goals.Add(goal.What, goal.FigureText, goal.BoundText, goal.Verdict);
        }

        goals.Write();
        foreach (var note in result.Notes)
        {
            output.Write($"{note}\n");
        }
    }

    private static void WriteTask(StreamTask task, IReadOnlyList<StreamResult> results)
    {
        var (reference, name) = results.FirstOrDefault(r => r.Rival == StreamRivals.Process) is { } process
            ? (process, "÷ Process.Start")
            : (results.First(r => r.Rival == StreamRivals.Shell), "÷ the shell");
        var table = task.IsLong
            ? new TextTable("rival", "ms", "GB/s", name, "allocated, MB").AlignRight(1, 2, 3, 4)
            : new TextTable("rival", "µs", name, "allocated, bytes").AlignRight(1, 2, 3);
        foreach (var r in results)
        {
            var ratio = r.TimesAsLongAs(reference).Format("0.00");
            if (task.IsLong)
            {
                var milliseconds = Spread.Of([.. r.TimeByRound.Select(time => time / 1000)]);
                table.Add(
                    r.Rival,
                    milliseconds.Format("0"),
                    r.Throughput.Format("0.00"),
                    ratio,
                    Number(r.AllocatedEach / 1e6, "0.0")
                );
            }
            else
            {
                table.Add(r.Rival, r.Time.Format("0"), ratio, Number(r.AllocatedEach, "#,0"));
            }
        }

        table.Write();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
