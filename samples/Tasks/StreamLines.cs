using System.Diagnostics;
using System.Globalization;

namespace Spork.Samples.Tasks;

internal sealed class StreamLines : ISample
{
    public static string Name => "stream-lines";

    public static string Title => "Use a program's lines as they come, and stop it when there were enough.";

    public static string? Difference => null;

    // Line by line; meanwhile the program waits, and no thread does.
    public static async Task<string> WithSporkAsync(string directory)
    {
        var sum = 0L;
        using var child = new Command("seq", "1", "1000000000").WithStandardOutput(Stdio.Pipe).Start();
        await foreach (var line in child.StandardOutput.ReadLinesAsync())
        {
            sum += long.Parse(line, CultureInfo.InvariantCulture);
            if (line == "10000")
            {
                break;
            }
        }

        child.Kill();
        await child.WaitAsync();
        return $"{sum}";
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        var sum = 0L;
        var start = new ProcessStartInfo("seq", ["1", "1000000000"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            sum += long.Parse(line, CultureInfo.InvariantCulture);
            if (line == "10000")
            {
                break;
            }
        }

        process.Kill();
        await process.WaitForExitAsync();
        return $"{sum}";
    }
}
