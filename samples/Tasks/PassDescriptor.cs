using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class PassDescriptor : ISample
{
    private const string Secret = "the passphrase";

    public static string Name => "pass-descriptor";

    public static string Title => "Hand a program an open file as descriptor 3, as gpg --passphrase-fd wants it.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        var secret = Path.Combine(directory, "secret");
        await File.WriteAllTextAsync(secret, Secret + "\n");
        using var open = File.OpenHandle(secret);
        File.Delete(secret); // Nobody else can open it any more.
        await new Command("sh", "-c", "read word <&3 && echo \"$word\" > result")
            .WithWorkingDirectory(directory)
            .WithDescriptor(3, Stdio.FromHandle(open))
            .RunAsync();
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }

    // Only 0, 1 and 2 can be given. A shell opens the file for us: by name, so that it must stay where all may find it.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var secret = Path.Combine(directory, "secret");
        await File.WriteAllTextAsync(secret, Secret + "\n");
        const string Script = "exec 3<secret; exec sh -c 'read word <&3 && echo \"$word\" > result'";
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", Script]) { WorkingDirectory = directory })!;
        await process.WaitForExitAsync();
        File.Delete(secret);
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }
}
