using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class Timeout : ISample
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(100);

    public static string Name => "timeout";

    public static string Title => "Give a program so much time and no more.";

    public static string? Difference => null;

    // Killed and reaped before the exception is seen.
    public static async Task<string> WithSporkAsync(string directory)
    {
        using var timeout = new CancellationTokenSource(s_limit);
        try
        {
            var status = await new Command("sleep", "60").RunAsync(timeout.Token);
            return $"{status}";
        }
        catch (OperationCanceledException)
        {
            return "took too long";
        }
    }

    // The token ends the wait only; that the program goes too is for the caller to remember.
    public static async Task<string> WithProcessAsync(string directory)
    {
        using var timeout = new CancellationTokenSource(s_limit);
        using var process = Process.Start("sleep", ["60"]);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return $"exit code {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            return "took too long";
        }
    }
}
