using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class CaptureOutput : ISample
{
    private const string Script = "echo out; echo err >&2; exit 2";

    public static string Name => "capture-output";

    public static string Title => "Keep what a program says, on both streams, and how it ended.";

    public static string? Difference => null;

    // Up to 128 MiB of each stream, unless CaptureOptions says otherwise.
    public static async Task<string> WithSporkAsync(string directory)
    {
        var output = await new Command("sh", "-c", Script).CaptureAsync();
        return Told(output.Status.Code, output.StandardOutput.Text, output.StandardError.Text);
    }

    // Both must be read at once: one after the other hangs when the second pipe is full. There is no bound.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("sh", ["-c", Script])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Told(process.ExitCode, await output, await error);
    }

    private static string Told(int? code, string output, string error) => $"{code}, {output.Trim()}, {error.Trim()}";
}
