using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class InTerminal : ISample
{
    private const string Script = "test -t 0 && test -t 1 && echo a terminal > result; stty size >> result";

    public static string Name => "terminal";

    public static string Title => "Run a program that wants a terminal, in one of 40 rows and 120 columns.";

    public static string? Difference => "Through script(1) it is a terminal, whose size cannot be said.";

    public static async Task<string> WithSporkAsync(string directory)
    {
        using var child = new Command("sh", "-c", Script)
            .WithWorkingDirectory(directory)
            .StartInTerminal(new TerminalSize(40, 120));
        await child.WaitAsync();
        return Result(directory);
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("script", ["--quiet", "--command", Script, "/dev/null"])
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return Result(directory);
    }

    private static string Result(string directory) =>
        File.ReadAllText(Path.Combine(directory, "result")).Trim().Replace("\n", ", ", StringComparison.Ordinal);
}
