using Spork.Cli.Output;

namespace Spork.Cli.Bench.Streams;

/// <summary>
/// The bench of streams. As in <see cref="SpawnBench"/> all rivals live in processes of their own over the whole run and
/// are asked in turn, round by round; ratios are taken within a round.
/// </summary>
internal static class StreamBench
{
    public static StreamBenchResult Run(StreamBenchOptions options)
    {
        using var folder = new TempFolder("spork-bench-");
        using var progress = new Progress();
        var load = MachineFacts.Load();
        var workers = new Dictionary<string, Worker>(StringComparer.Ordinal);
        try
        {
            var tasks = StreamTask.All(options);
            foreach (var task in tasks)
            {
                task.WritePrograms(folder.Path);
            }

            progress.Report("starting the rivals…");
            foreach (var rival in StreamRivals.All)
            {
                workers[rival] = new Worker(rival, 0, WorkerFactory.Self(StreamWorkerCommand.Name, rival));
            }

            var results = tasks.SelectMany(task => task.Rivals.Select(rival => new StreamResult(task, rival))).ToList();
            WarmUp(results, workers, folder.Path, options, progress);
            for (var round = 1; round <= options.Rounds; round++)
            {
                foreach (var result in results.Where(r => !r.Task.IsLong || round <= options.LongRounds))
                {
                    progress.Report($"round {round} of {options.Rounds}: {result.Task.Title}, {result.Rival}…");
                    var count = result.Task.IsLong ? 1 : options.Batch;
                    var (times, allocated) = Measure(result, workers, folder.Path, count);
                    result.Rounds.Add(times);
                    result.AllocatedByRound.Add(allocated);
                }
            }

            return new StreamBenchResult(
                options,
                results,
                load,
                ["CliWrap is no rival here: it was not to be had from the package source this was built with"]
            );
        }
        finally
        {
            foreach (var worker in workers.Values)
            {
                worker.Dispose();
            }
        }
    }

    /// <summary>Long enough for tier 1; large captures once, for the heap to have grown.</summary>
    private static void WarmUp(
        List<StreamResult> results,
        Dictionary<string, Worker> workers,
        string folder,
        StreamBenchOptions options,
        Progress progress
    )
    {
        progress.Report("warming up…");
        foreach (var result in results.Where(r => r.Task.Name is StreamTask.Bytes100M or StreamTask.Text100M))
        {
            Measure(result, workers, folder, 1);
        }

        for (var again = 0; again < 3; again++)
        {
            foreach (var result in results.Where(r => !r.Task.IsLong))
            {
                Measure(result, workers, folder, options.Batch);
            }

            Thread.Sleep(150);
        }
    }

    private static (double[] Times, double AllocatedEach) Measure(
        StreamResult result,
        Dictionary<string, Worker> workers,
        string folder,
        int count
    )
    {
        var task = result.Task;
        var request = $"{task.Name}\t{task.Bytes}\t{task.Source(folder)}\t{task.Sink(folder)}\t{count}";
        return workers[result.Rival].Time(request, count);
    }
}
