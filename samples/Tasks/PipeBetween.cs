using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class PipeBetween : ISample
{
    public static string Name => "pipeline";

    public static string Title => "One program's output into the next one's input: seq | grep | wc.";

    public static string? Difference => null;

    // The kernel's pipes join them: nothing passes through this process.
    public static async Task<string> WithSporkAsync(string directory)
    {
        var pipeline = new Command("seq", "1", "100000") | new Command("grep", "7") | new Command("wc", "-l");
        var output = await pipeline.CaptureAsync();
        return $"{output.StandardOutput.Text.Trim()} lines, {string.Join(' ', output.Status.Statuses.Select(s => s.Code))}";
    }

    // Every byte is read and written here, and each end closed by hand, or the next program waits for ever.
    public static async Task<string> WithProcessAsync(string directory)
    {
        using var seq = Start("seq", ["1", "100000"]);
        using var grep = Start("grep", ["7"]);
        using var wc = Start("wc", ["-l"]);
        var first = CopyAsync(seq, grep);
        var second = CopyAsync(grep, wc);
        var lines = await wc.StandardOutput.ReadToEndAsync();
        await Task.WhenAll(first, second);
        var codes = new List<int>();
        foreach (var process in new[] { seq, grep, wc })
        {
            await process.WaitForExitAsync();
            codes.Add(process.ExitCode);
        }

        return $"{lines.Trim()} lines, {string.Join(' ', codes)}";
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = program != "seq",
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;

    private static async Task CopyAsync(Process from, Process to)
    {
        await from.StandardOutput.BaseStream.CopyToAsync(to.StandardInput.BaseStream);
        to.StandardInput.Close();
    }
}
