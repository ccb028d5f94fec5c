using Spork.Cli.Output;

namespace Spork.Cli.Bench;

/// <summary>
/// The bench of spawning. One run, all rivals alive at once, rounds A B C D A B C D …: what the machine does in a
/// minute (turbo, neighbours, a full page cache) then falls on all alike, and ratios are taken round by round.
/// </summary>
internal static class SpawnBench
{
    private static readonly string[] All =
    [
        RivalNames.Spork,
        RivalNames.SporkRun,
        RivalNames.Vfork,
        RivalNames.PosixSpawn,
        RivalNames.Process,
        RivalNames.Medallion,
    ];

    /// <summary>In the order in which memory is given out: where it is short, those that no goal names go without.</summary>
    private static readonly string[] WithHeap =
    [
        RivalNames.Spork,
        RivalNames.SporkRun,
        RivalNames.Vfork,
        RivalNames.Process,
        RivalNames.PosixSpawn,
        RivalNames.Medallion,
    ];

    public static SpawnBenchResult Run(SpawnBenchOptions options)
    {
        using var folder = new TempFolder("spork-bench-");
        var directory = folder.Path;
        var workers = new List<Worker>();
        var notes = new List<string>();
        using var progress = new Progress();
        try
        {
            var child = NoopProgram.WriteTo(directory);
            progress.Report("compiling the rivals in C…");
            var (native, reason) = CompiledRivals.Compile(directory);
            if (reason is not null)
            {
                notes.Add($"no figures in C: {reason}");
            }

            StartWorkers(new WorkerFactory(child, native), native is not null, options, workers, notes, progress);
            if (workers.Count == 0)
            {
                throw new IOException($"nothing to measure: {string.Join("; ", notes)}");
            }

            var results = workers.ToDictionary(worker => worker, worker => new RivalResult(worker.Rival, worker.Heap));
            WarmUp(workers, options, progress);
            for (var round = 1; round <= options.Rounds; round++)
            {
                progress.Report($"round {round} of {options.Rounds}…");
                Measure(workers, results, options);
            }

            return new SpawnBenchResult(options, [.. workers.Select(worker => results[worker])], notes);
        }
        finally
        {
            workers.ForEach(worker => worker.Dispose());
        }
    }

    private static void StartWorkers(
        WorkerFactory factory,
        bool native,
        SpawnBenchOptions options,
        List<Worker> workers,
        List<string> notes,
        Progress progress
    )
    {
        foreach (var heap in options.Heaps.Order())
        {
            string[] rivals = [.. (heap == 0 ? All : WithHeap).Where(rival => native || !RivalNames.IsNative(rival))];
            var size = HeapSize.Format(heap);
            progress.Report($"touching heaps of {size}…");
            foreach (var rival in rivals)
            {
                // Each worker holds a heap of its own; half a gigabyte is left for everybody else.
                if (heap > 0 && TouchedHeap.Available() < heap + (512UL << 20))
                {
                    notes.Add($"{rival} with a heap of {size} skipped: not enough free memory");
                    continue;
                }

                workers.Add(factory.Start(rival, heap));
            }
        }
    }

    /// <summary>Long enough for tier 1: the JIT promotes after 30 calls, on a timer of 100 ms that restarts while busy.</summary>
    private static void WarmUp(List<Worker> workers, SpawnBenchOptions options, Progress progress)
    {
        progress.Report("warming up…");
        for (var again = 0; again < 3; again++)
        {
            foreach (var worker in workers)
            {
                worker.Spawn(options.Batch);
                if (HasThroughput(worker))
                {
                    worker.Parallel(SpawnBenchOptions.Threads, options.ParallelBatch / 2);
                }
            }

            Thread.Sleep(150);
        }
    }

    private static void Measure(
        List<Worker> workers,
        Dictionary<Worker, RivalResult> results,
        SpawnBenchOptions options
    )
    {
        foreach (var worker in workers)
        {
            results[worker].Rounds.Add(worker.Spawn(options.Batch));
        }

        // Throughput is a matter of Run alone: the same call in both of Spork's rows.
        foreach (var worker in workers.Where(HasThroughput))
        {
            results[worker].PerSecondAt1.Add(worker.Parallel(1, options.ParallelBatch / 4).PerSecond);
        }

        foreach (var worker in workers.Where(HasThroughput))
        {
            var (perSecond, allocated) = worker.Parallel(SpawnBenchOptions.Threads, options.ParallelBatch);
            results[worker].PerSecondAt8.Add(perSecond);
            results[worker].AllocatedEachAt8.Add(allocated);
        }
    }

    private static bool HasThroughput(Worker worker) => worker.Heap == 0 && worker.Rival != RivalNames.Spork;
}
