using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class LogToFile : ISample
{
    private const string Script = "echo out; echo err >&2; echo out again";

    public static string Name => "log-to-file";

    public static string Title => "Append both output streams to a log file.";

    public static string? Difference => null;

    // The program writes to the file itself, in its own order, also when we are gone.
    public static async Task<string> WithSporkAsync(string directory)
    {
        var log = Path.Combine(directory, "log");
        await new Command("sh", "-c", Script)
            .WithStandardOutput(Stdio.Append(log))
            .WithStandardError(Stdio.Append(log))
            .RunAsync();
        return Sorted(log);
    }

    // Every byte comes through this process; the order of the two streams is lost on the way.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var log = Path.Combine(directory, "log");
        await using (var file = TextWriter.Synchronized(new StreamWriter(log, append: true)))
        {
            var start = new ProcessStartInfo("sh", ["-c", Script])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => Write(file, line.Data);
            process.ErrorDataReceived += (_, line) => Write(file, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync();
        }

        return Sorted(log);
    }

    private static void Write(TextWriter file, string? line)
    {
        if (line is not null)
        {
            file.WriteLine(line);
        }
    }

    private static string Sorted(string log) => string.Join(", ", File.ReadAllLines(log).Order(StringComparer.Ordinal));
}
