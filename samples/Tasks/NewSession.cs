using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class NewSession : ISample
{
    // The sixth field of stat is the session; a leader's is its own number.
    private const string Script =
        "set -- $(cat /proc/$$/stat); test $6 = $$ && echo leader > result || echo no > result";

    public static string Name => "new-session";

    public static string Title => "Start a program in a session of its own, out of reach of the terminal's Ctrl-C.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        await new Command("sh", "-c", Script).WithWorkingDirectory(directory).WithNewSession().RunAsync();
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }

    // Through setsid(1), which forks when it must; then the number that Process knows is not the program's.
    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", "sh", "-c", Script]) { WorkingDirectory = directory };
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return File.ReadAllText(Path.Combine(directory, "result")).Trim();
    }
}
