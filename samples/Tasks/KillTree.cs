using System.Diagnostics;
using System.Globalization;

namespace Spork.Samples.Tasks;

internal sealed class KillTree : ISample
{
    // The subshell ends at once and leaves an orphan behind.
    private const string Script = "(sleep 60 & echo $! > orphan); echo ready; sleep 60";

    public static string Name => "kill-tree";

    public static string Title => "Kill a program with all that it started, what it left behind included.";

    public static string? Difference => "Process looks for children of children; an orphan's parent is gone.";

    // Orphans stay in the session; with WithOwnCgroup() not even daemons get away.
    public static async Task<string> WithSporkAsync(string directory)
    {
        using var child = new Command("sh", "-c", Script)
            .WithWorkingDirectory(directory)
            .WithNewSession()
            .WithStandardOutput(Stdio.Pipe)
            .Start();
        await using var lines = child.StandardOutput.ReadLinesAsync().GetAsyncEnumerator();
        await lines.MoveNextAsync();

        // Returns when all of them have ended; KillTree() would not wait for that.
        await child.StopAsync(StopOptions.Forceful with { Reach = StopReach.Tree });
        return Orphan(directory);
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("sh", ["-c", Script])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync();
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        return Orphan(directory);
    }

    private static string Orphan(string directory)
    {
        var id = int.Parse(File.ReadAllText(Path.Combine(directory, "orphan")), CultureInfo.InvariantCulture);
        try
        {
            using var orphan = Process.GetProcessById(id);

            // A zombie, where nobody reaps orphans, has no program any more.
            if (File.ReadAllText($"/proc/{id}/cmdline").Length == 0)
            {
                return "all gone";
            }

            orphan.Kill();
            return "somebody lives on";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return "all gone";
        }
    }
}
