using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class OwnIdentity : ISample
{
    private const string NotAllowed = "not allowed on this machine";

    public static string Name => "own-identity";

    public static string Title => "Run a program as root of a user namespace of its own, without a network.";

    public static string? Difference => null;

    public static async Task<string> WithSporkAsync(string directory)
    {
        try
        {
            var output = await new Command("id", "-u")
                .WithOwnIdentityAs(user: 0, group: 0)
                .WithNewNamespaces(Namespaces.Network)
                .CaptureAsync();
            return output.EnsureSuccess().StandardOutput.Text.Trim();
        }
        catch (SpawnException)
        {
            // Its Step, Errno and Hint say what was not.
            return NotAllowed;
        }
    }

    // Through unshare(1).
    public static async Task<string> WithProcessAsync(string directory)
    {
        var start = new ProcessStartInfo("unshare", ["--user", "--map-root-user", "--net", "id", "-u"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await error;
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output.Trim() : NotAllowed;
    }
}
