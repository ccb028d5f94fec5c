using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class FeedInput : ISample
{
    private static readonly string s_text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\n"));

    public static string Name => "feed-input";

    public static string Title => "Give a program a text to read that no pipe can hold, and keep what it answers.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        var output = await new Command("sort", "-rn").WithStandardInput(Stdio.FromText(s_text)).CaptureAsync();
        return Told(output.EnsureSuccess().StandardOutput.Text);
    }

    // Writing and reading at once again; a program that ends early makes the write throw, whatever its exit code.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("sort", ["-rn"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(s_text);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had enough: its exit code tells.
        }

        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Told(await output) : $"exit code {process.ExitCode}";
    }

    private static string Told(string text) => $"{text.Length} characters, first {text[..text.IndexOf('\n')]}";
}
