using System.CommandLine;
using Spork.Cli.Bench.Streams;
using Spork.Cli.Output;
using Spork.Cli.Syntax;

namespace Spork.Cli.Bench;

/// <summary><c>spork bench</c> lists the benches; <c>spork bench spawn</c> and <c>streams</c> run one.</summary>
internal static class BenchCommand
{
    public static System.CommandLine.Command Describe()
    {
        var command = new System.CommandLine.Command(
            "bench",
            "Measure side by side in one run; alone: list the benches"
        );
        command.Add(Spawn());
        command.Add(Streams());
        command.SetAction(_ =>
        {
            foreach (var bench in command.Subcommands)
            {
                Console.Out.Write($"{bench.Name}  {bench.Description}\n");
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static System.CommandLine.Command Spawn()
    {
        var json = JsonOption();
        var quick = QuickOption();
        var heap = new Option<string>("--heap")
        {
            HelpName = "SIZES",
            Description = "Heaps the parent holds, such as 0,1G,4G (the default; quick 0)",
        };
        var rounds = RoundsOption();
        var command = new System.CommandLine.Command(
            "spawn",
            "Starting a program: Spork, C, Process.Start, MedallionShell"
        );
        command.Add(json);
        command.Add(quick);
        command.Add(heap);
        command.Add(rounds);
        command.SetAction(parsed =>
        {
            var sizes = parsed.GetValue(heap);
            var options = SpawnBenchOptions.Create(
                parsed.GetValue(quick),
                Rounds(parsed, rounds),
                sizes is null ? null : Heaps(heap.Name, sizes)
            );
            return Run(
                parsed.GetValue(json),
                () => SpawnBench.Run(options),
                SpawnBenchText.Write,
                SpawnBenchJson.Write
            );
        });
        return command;
    }

    private static System.CommandLine.Command Streams()
    {
        var (json, quick, rounds) = (JsonOption(), QuickOption(), RoundsOption());
        var command = new System.CommandLine.Command(
            "streams",
            "Output read to the end, captured, and piped: Spork, Process.Start, MedallionShell, the shell"
        );
        command.Add(json);
        command.Add(quick);
        command.Add(rounds);
        command.SetAction(parsed =>
        {
            var options = StreamBenchOptions.Create(parsed.GetValue(quick), Rounds(parsed, rounds));
            return Run(
                parsed.GetValue(json),
                () => StreamBench.Run(options),
                StreamBenchText.Write,
                StreamBenchJson.Write
            );
        });
        return command;
    }

    private static Option<string> JsonOption() =>
        new("--json") { HelpName = "FILE", Description = "Also write all figures as JSON" };

    private static Option<bool> QuickOption() =>
        new("--quick") { Description = "Fewer rounds, smaller batches: a look, not a figure" };

    private static Option<string> RoundsOption() =>
        new("--rounds") { HelpName = "N", Description = "Rounds (default 15, quick 5)" };

    private static int? Rounds(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } count ? WholeNumber.Parse(option.Name, count, 1, 10_000) : null;

    private static ulong[] Heaps(string option, string text) =>
        [.. text.Split(',').Select(size => ByteSize.Parse(option, size)).Distinct()];

    private static int Run<T>(string? jsonPath, Func<T> measure, Action<T> write, Func<T, byte[]> toJson)
    {
        // Minutes of measuring must not end at a path nobody can write.
        using var file = jsonPath is null ? null : AtomicFile.Create("--json", jsonPath);
        var result = measure();
        write(result);
        file?.Publish(toJson(result));
        return ExitCodes.Success;
    }
}
