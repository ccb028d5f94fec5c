using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class Limits : ISample
{
    private const string Script = "echo \"$(ulimit -n) files, niceness $(nice)\" > result";

    public static string Name => "limits";

    public static string Title => "Start a program with 64 open files at most and a lower priority.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        await new Command("sh", "-c", Script)
            .WithWorkingDirectory(directory)
            .WithLimit(Resource.OpenFiles, 64)
            .WithNice(5)
            .RunAsync();
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }

    // Two more programs in between do what cannot be asked for: a shell for ulimit, and nice(1). (PriorityClass changes a
    // program that is already running.)
    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("sh", ["-c", "ulimit -n 64; exec nice -n 5 \"$@\"", "sh", "sh", "-c", Script])
        {
            WorkingDirectory = directory,
        };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }
}
