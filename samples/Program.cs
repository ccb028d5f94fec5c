using System.Diagnostics;

namespace Spork.Samples;

// `dotnet run --project samples`: what there is. `… -- NAME`: that task, both ways. `… -- --all`: all of them.
// Ends with 1 when results that should be the same are not, or the other way round.
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments.Length == 0)
        {
            foreach (var sample in Sample.All)
            {
                Console.WriteLine($"{sample.Name, -26}{sample.Title}");
            }

            return 0;
        }

        var chosen = arguments is ["--all"]
            ? Sample.All
            : [.. arguments.Select(name => Sample.All.FirstOrDefault(s => s.Name == name)).OfType<Sample>()];
        if (arguments is not ["--all"] && chosen.Count < arguments.Length)
        {
            await Console.Error.WriteLineAsync("No such sample. Without a name: a list of them.");
            return 2;
        }

        var unexpected = 0;
        foreach (var sample in chosen)
        {
            unexpected += await ShowAsync(sample) ? 0 : 1;
        }

        return unexpected == 0 ? 0 : 1;
    }

    private static async Task<bool> ShowAsync(Sample sample)
    {
        Console.WriteLine($"{sample.Name}: {sample.Title}");
        // Once unseen: the first use of either way is mostly the compiler's time.
        await RunAsync(sample.WithSpork);
        await RunAsync(sample.WithProcess);
        var spork = await MeasureAsync("Spork", sample.WithSpork);
        var process = await MeasureAsync("Process", sample.WithProcess);
        var isAsSaid = spork == process == (sample.Difference is null);
        if (sample.Difference is not null)
        {
            Console.WriteLine($"  They differ: {sample.Difference}");
        }

        if (!isAsSaid)
        {
            Console.WriteLine(spork == process ? "  UNEXPECTED: they are the same." : "  UNEXPECTED: they differ.");
        }

        return isAsSaid;
    }

    private static async Task<string> MeasureAsync(string way, Func<string, Task<string>> task)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await RunAsync(task);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine($"  {way, -8} {elapsed, 7:F1} ms  {result.Replace("\n", "\n" + new string(' ', 23))}");
        return result;
    }

    private static async Task<string> RunAsync(Func<string, Task<string>> task)
    {
        var directory = Directory.CreateTempSubdirectory("spork-sample-");
        try
        {
            return await task(directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
