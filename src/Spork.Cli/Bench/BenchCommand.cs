using System.CommandLine;
using Spork.Cli.Output;
using Spork.Cli.Syntax;

namespace Spork.Cli.Bench;

/// <summary><c>spork bench</c> lists the benches; <c>spork bench spawn</c> runs the one there is.</summary>
internal static class BenchCommand
{
    public static System.CommandLine.Command Describe()
    {
        var command = new System.CommandLine.Command(
            "bench",
            "Measure side by side in one run; alone: list the benches"
        );
        command.Add(Spawn());
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
        var json = new Option<string>("--json") { HelpName = "FILE", Description = "Also write all figures as JSON" };
        var quick = new Option<bool>("--quick") { Description = "Fewer rounds, smaller batches: a look, not a figure" };
        var heap = new Option<string>("--heap")
        {
            HelpName = "SIZES",
            Description = "Heaps the parent holds, such as 0,1G,4G (the default; quick 0)",
        };
        var rounds = new Option<string>("--rounds") { HelpName = "N", Description = "Rounds (default 15, quick 5)" };
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
            var count = parsed.GetValue(rounds);
            var options = SpawnBenchOptions.Create(
                parsed.GetValue(quick),
                count is null ? null : WholeNumber.Parse(rounds.Name, count, 1, 10_000),
                sizes is null ? null : Heaps(heap.Name, sizes)
            );
            return Run(options, parsed.GetValue(json));
        });
        return command;
    }

    private static ulong[] Heaps(string option, string text) =>
        [.. text.Split(',').Select(size => ByteSize.Parse(option, size)).Distinct()];

    private static int Run(SpawnBenchOptions options, string? jsonPath)
    {
        // Minutes of measuring must not end at a path nobody can write.
        using var file = jsonPath is null ? null : AtomicFile.Create("--json", jsonPath);
        var result = SpawnBench.Run(options);
        SpawnBenchText.Write(result);
        file?.Publish(SpawnBenchJson.Write(result));
        return ExitCodes.Success;
    }
}
