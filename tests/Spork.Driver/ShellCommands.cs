using System.Text.Json.Nodes;
using Spork.Spawning;

namespace Spork.Driver;

/// <summary>Command.Shell under signals, which would be the test runner's end.</summary>
internal static class ShellCommands
{
    /// <summary>The script many times, half of them asynchronously; then what the statuses were.</summary>
    internal static int Many(int count, string script)
    {
        var command = Command.Shell(script);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var status = i % 2 == 0 ? command.Run() : command.RunAsync().GetAwaiter().GetResult();
            var text = status.ToString();
            statuses[text] = statuses.GetValueOrDefault(text) + 1;
        }

        Console.WriteLine(
            new JsonObject { ["statuses"] = string.Join("; ", statuses.Select(s => $"{s.Value} x {s.Key}")) }
        );
        return 0;
    }

    /// <summary>At a terminal: the script, how it ended, and, once the keyboard is ours again, a long wait.</summary>
    internal static int AtTerminal(string script)
    {
        var status = Command.Shell(script).Run();
        Console.WriteLine($"ended: {status}");
        while (KeyboardSignals.AreSpared)
        {
            Thread.Sleep(1);
        }

        Console.WriteLine("mine again");
        Thread.Sleep(TimeSpan.FromSeconds(50));
        return 70;
    }
}
