using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class ExitOrSignal : ISample
{
    public static string Name => "exit-or-signal";

    public static string Title => "Tell a program that ended with code 137 from one that was killed.";

    public static string? Difference => "Process folds a signal into the exit code, as a shell does.";

    public static async Task<string> WithSporkAsync(string directory)
    {
        var exited = await new Command("sh", "-c", "exit 137").RunAsync();
        var killed = await new Command("sh", "-c", "kill -KILL $$").RunAsync();
        return $"{exited}, {killed}";
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        var exited = await RunAsync("exit 137");
        var killed = await RunAsync("kill -KILL $$");
        return $"exit code {exited}, exit code {killed}";
    }

    private static async Task<int> RunAsync(string script)
    {
        using var process = Process.Start("sh", ["-c", script]);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
