using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class ExitStatus : ISample
{
    public static string Name => "exit-status";

    public static string Title => "Run a program to its end and look at its exit code.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        var status = await new Command("grep", "--quiet", "needle", "/proc/version").RunAsync();
        return status.IsSuccess ? "found" : $"not found ({status.Code})";
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        using var process = Process.Start("grep", ["--quiet", "needle", "/proc/version"]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? "found" : $"not found ({process.ExitCode})";
    }
}
