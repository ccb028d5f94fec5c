using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Spork.Cli.Bench;

/// <summary>Answers requests line by line; the protocol is written down at the head of rivals.c, which speaks it too.</summary>
internal static class WorkerLoop
{
    public static void Serve(ISpawner spawner, TextReader requests, TextWriter replies)
    {
        replies.WriteLine("ready");
        replies.Flush();
        while (requests.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var reply = words[0] switch
            {
                "spawn" => Sequential(spawner, Number(words[1])),
                "parallel" => Parallel(spawner, Number(words[1]), Number(words[2])),
                _ => throw new UsageException($"a bench worker does not know '{line}'"),
            };
            replies.WriteLine(reply);
            replies.Flush();
        }
    }

    private static string Sequential(ISpawner spawner, int count)
    {
        var times = new (long Call, long Reaped)[count];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            times[i] = spawner.Spawn();
        }

        var reply = new StringBuilder();
        reply.Append(GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (var (call, reaped) in times)
        {
            reply.Append(' ').Append(Nanoseconds(call)).Append(' ').Append(Nanoseconds(reaped));
        }

        return reply.ToString();
    }

    private static string Parallel(ISpawner spawner, int threads, int count)
    {
        var all = new Thread[threads];
        for (var t = 0; t < threads; t++)
        {
            all[t] = new Thread(() =>
            {
                for (var i = count / threads; i > 0; i--)
                {
                    spawner.Run();
                }
            });
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        foreach (var thread in all)
        {
            thread.Start();
        }

        foreach (var thread in all)
        {
            thread.Join();
        }

        var elapsed = Stopwatch.GetTimestamp() - start;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return string.Create(CultureInfo.InvariantCulture, $"{allocated} {Nanoseconds(elapsed)}");
    }

    private static long Nanoseconds(long ticks) => (long)(ticks * (1_000_000_000.0 / Stopwatch.Frequency));

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
