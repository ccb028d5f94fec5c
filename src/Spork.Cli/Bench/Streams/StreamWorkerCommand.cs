using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Spork.Cli.Bench.Streams;

/// <summary>
/// The hidden command behind a rival. One line a request, one line a reply: <c>TASK BYTES SOURCE SINK COUNT</c> gives
/// <c>ALLOCATED NS1 NS2 …</c>; ALLOCATED is of all threads.
/// </summary>
internal static class StreamWorkerCommand
{
    public const string Name = "bench-stream-worker";

    public static System.CommandLine.Command Describe()
    {
        var rival = new Argument<string>("rival");
        var command = new System.CommandLine.Command(Name, "One rival of the stream bench") { Hidden = true };
        command.Add(rival);
        command.SetAction(
            async (parsed, _) =>
            {
                var name = parsed.GetRequiredValue(rival);
                await ServeAsync(name, Create(name)).ConfigureAwait(false);
                return ExitCodes.Success;
            }
        );
        return command;
    }

    private static IStreamRival Create(string rival) =>
        rival switch
        {
            StreamRivals.Capture => new SporkCaptures(asynchronous: false, standardError: false),
            StreamRivals.CaptureBoth => new SporkCaptures(asynchronous: false, standardError: true),
            StreamRivals.CaptureAsync => new SporkCaptures(asynchronous: true, standardError: false),
            StreamRivals.Pipe => new SporkPipes(),
            StreamRivals.Pipeline => new SporkJoined(byShell: false),
            StreamRivals.Shell => new SporkJoined(byShell: true),
            StreamRivals.ToStream => new SporkRelays(toStream: true),
            StreamRivals.FromStream => new SporkRelays(toStream: false),
            StreamRivals.Process => new ProcessStreams(),
            StreamRivals.Medallion => new MedallionStreams(),
            _ => throw new UsageException($"no rival '{rival}'"),
        };

    private static async Task ServeAsync(string name, IStreamRival rival)
    {
        await Console.Out.WriteLineAsync("ready").ConfigureAwait(false);
        await Console.Out.FlushAsync().ConfigureAwait(false);
        while (Console.In.ReadLine() is { } line)
        {
            var words = line.Split('\t');
            var times = new long[int.Parse(words[4], NumberStyles.None, CultureInfo.InvariantCulture)];
            var bytes = long.Parse(words[1], NumberStyles.None, CultureInfo.InvariantCulture);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < times.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                await OnceAsync(rival, words[0], bytes, words[2], words[3]).ConfigureAwait(false);
                times[i] = Stopwatch.GetElapsedTime(start).Ticks * 100;
            }

            var reply = new StringBuilder();
            reply.Append(GC.GetTotalAllocatedBytes(precise: true) - before);
            foreach (var time in times)
            {
                reply.Append(' ').Append(time);
            }

            // What a large capture leaves behind is this rival's own, and not a neighbour's memory shortage.
            GC.Collect();
            await Console.Out.WriteLineAsync(reply).ConfigureAwait(false);
            await Console.Out.FlushAsync().ConfigureAwait(false);
        }
    }

    private static async ValueTask OnceAsync(IStreamRival rival, string task, long bytes, string source, string sink)
    {
        switch (task)
        {
            case StreamTask.Bytes100M:
                Check.Came(await rival.ReadBytesAsync(source).ConfigureAwait(false), bytes);
                break;
            case StreamTask.Joined or StreamTask.Relayed:
                await rival.MoveAsync(source, sink).ConfigureAwait(false);
                break;
            default:
                Check.Came(await rival.ReadTextAsync(source).ConfigureAwait(false), bytes);
                break;
        }
    }
}
