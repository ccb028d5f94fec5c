using System.Diagnostics;
using System.Globalization;

namespace Spork.Samples.Tasks;

internal sealed class StopGracefully : ISample
{
    private const string Script = "trap 'echo cleaned up; exit 0' TERM; echo ready; while :; do sleep 0.02; done";

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(20);

    public static string Name => "stop-gracefully";

    public static string Title => "Ask a program to end, and kill it if it does not within a time.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        using var child = new Command("sh", "-c", Script).WithStandardOutput(Stdio.Pipe).Start();
        await using var lines = child.StandardOutput.ReadLinesAsync().GetAsyncEnumerator();
        await lines.MoveNextAsync();
        var result = await child.StopAsync(s_grace);
        await lines.MoveNextAsync();
        return $"{lines.Current}, exit code {result.Status.Code}";
    }

    // Process only kills: kill(1) asks, by a number that may be another's by then.
    public static async Task<string> WithProcessAsync(string directory)
    {
        using var process = Process.Start(
            new ProcessStartInfo("sh", ["-c", Script]) { RedirectStandardOutput = true, UseShellExecute = false }
        )!;
        await process.StandardOutput.ReadLineAsync();
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        using var grace = new CancellationTokenSource(s_grace);
        try
        {
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return $"{await process.StandardOutput.ReadLineAsync()}, exit code {process.ExitCode}";
    }
}
