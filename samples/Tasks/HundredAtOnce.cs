using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class HundredAtOnce : ISample
{
    public static string Name => "hundred-at-once";

    public static string Title => "Start a hundred programs at once and add up their exit codes.";

    public static string? Difference => null;

    // No thread waits, neither for a start nor for an end.
    public static async Task<string> WithSporkAsync(string directory)
    {
        var statuses = await Task.WhenAll(
            Enumerable.Range(1, 100).Select(code => new Command("sh", "-c", $"exit {code}").RunAsync())
        );
        return $"{statuses.Sum(status => status.Code)}";
    }

    // Each Start blocks its thread until the program has been executed.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var codes = await Task.WhenAll(
            Enumerable
                .Range(1, 100)
                .Select(async code =>
                {
                    using var process = Process.Start("sh", ["-c", $"exit {code}"]);
                    await process.WaitForExitAsync();
                    return process.ExitCode;
                })
        );
        return $"{codes.Sum()}";
    }
}
