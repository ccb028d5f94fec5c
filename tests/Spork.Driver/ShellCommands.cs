using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Spork.Spawning;

namespace Spork.Driver;

/// <summary>Command.Shell under signals, which would be the test runner's end.</summary>
internal static class ShellCommands
{
    // Everything that runs a script to its end.
    internal static readonly Dictionary<string, Func<Command, ExitStatus>> Ways = new(StringComparer.Ordinal)
    {
        ["run"] = c => c.Run(),
        ["run-async"] = c => c.RunAsync().GetAwaiter().GetResult(),
        ["run-two-tokens"] = c => c.Run(default, default),
        ["run-async-two-tokens"] = c => c.RunAsync(default, default).GetAwaiter().GetResult(),
        ["capture"] = c => c.Capture().Status,
        ["capture-async"] = c => c.CaptureAsync().GetAwaiter().GetResult().Status,
        ["capture-two-tokens"] = c => c.CaptureAsync(null, default, default).GetAwaiter().GetResult().Status,
        ["listen"] = c => ListenAsync(c).GetAwaiter().GetResult(),
        ["pipeline"] = c => (Before | c).Run().Last,
        ["pipeline-async"] = c => (Before | c).RunAsync().GetAwaiter().GetResult().Last,
        ["pipeline-capture"] = c => (Before | c).Capture().Status.Last,
    };

    private static Command Before => new("true");

    /// <summary>The script many times, in every way in turn; then what the statuses were.</summary>
    internal static int Many(int count, string script)
    {
        var command = Command.Shell(script);
        var ways = Ways.Values.ToArray();
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var text = ways[i % ways.Length](command).ToString();
            statuses[text] = statuses.GetValueOrDefault(text) + 1;
        }

        Console.WriteLine(
            new JsonObject { ["statuses"] = string.Join("; ", statuses.Select(s => $"{s.Value} x {s.Key}")) }
        );
        return 0;
    }

    /// <summary>At a terminal: the script, how it ended, and, once the keyboard is ours again, a long wait.</summary>
    internal static int AtTerminal(string way, string script)
    {
        var status = Ways[way](Command.Shell(script));
        Console.WriteLine($"ended: {status}");
        while (KeyboardSignals.AreSpared)
        {
            Thread.Sleep(1);
        }

        Console.WriteLine("mine again");
        Thread.Sleep(TimeSpan.FromSeconds(50));
        return 70;
    }

    /// <summary>Short scripts from several threads at once; then how the keyboard was let go, and who heard of it.</summary>
    internal static int LetGo(int threads, int count)
    {
        var urgent = 0;
        using var handler = PosixSignalRegistration.Create(
            (PosixSignal)Signal.SIGURG.Number,
            _ => Interlocked.Increment(ref urgent)
        );
        var all = Enumerable.Range(0, threads).Select(i => new Thread(() => Run(i, count))).ToArray();
        Array.ForEach(all, thread => thread.Start());
        Array.ForEach(all, thread => thread.Join());
        var clock = Stopwatch.StartNew();
        while (KeyboardSignals.AreSpared)
        {
            Thread.Sleep(1);
        }

        Console.WriteLine(
            new JsonObject
            {
                ["seen"] = KeyboardSignals.LastWasSeen.ToString(),
                ["urgent"] = urgent.ToString(CultureInfo.InvariantCulture),
                ["milliseconds"] = clock.ElapsedMilliseconds.ToString(CultureInfo.InvariantCulture),
            }
        );
        return 0;

        // The pauses are as long as the moment after which it is let go, more or less.
        static void Run(int which, int count)
        {
            for (var i = 0; i < count; i++)
            {
                Command.Shell("true").Run();
                Thread.Sleep(44 + ((i + which) % 12));
            }
        }
    }

    private static async Task<ExitStatus> ListenAsync(Command command)
    {
        ExitStatus? status = null;
        await foreach (var e in command.ListenAsync())
        {
            status = (e as ExitedCommandEvent)?.Status ?? status;
        }

        return status!;
    }
}
