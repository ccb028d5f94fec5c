using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class DirectoryAndEnvironment : ISample
{
    private const string Script = "echo \"$GREETING from $PWD, HOME is ${HOME-unset}\" > result";

    public static string Name => "directory-and-environment";

    public static string Title => "Start a program in another directory, with one variable set and one removed.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        await new Command("sh", "-c", Script)
            .WithWorkingDirectory(directory)
            .WithEnvironmentVariable("GREETING", "hello")
            .WithEnvironmentVariable("HOME", null)
            .RunAsync();
        return Result(directory);
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("sh", ["-c", Script]) { WorkingDirectory = directory };
        start.Environment["GREETING"] = "hello";
        start.Environment.Remove("HOME");
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return Result(directory);
    }

    // The directory's name is another each time.
    private static string Result(string directory) =>
        File.ReadAllText(Path.Combine(directory, "result")).Trim().Replace(directory, "the directory");
}
