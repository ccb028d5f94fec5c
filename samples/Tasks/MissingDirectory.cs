using System.ComponentModel;
using System.Diagnostics;

namespace Spork.Samples.Tasks;

internal sealed class MissingDirectory : ISample
{
    public static string Name => "missing-directory";

    public static string Title => "Say why a program could not be started: here its working directory is missing.";

    public static string? Difference => "Process has one sentence for a missing program and a missing directory.";

    public static async Task<string> WithSporkAsync(string directory)
    {
        try
        {
            await new Command("/bin/true").WithWorkingDirectory("/srv/gone").RunAsync();
            return "started";
        }
        catch (SpawnException e)
        {
            // Also as e.Step, e.Subject and e.Errno.
            return e.Message;
        }
    }

    public static async Task<string> WithProcessAsync(string directory)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/true") { WorkingDirectory = "/srv/gone" })!;
            await process.WaitForExitAsync();
            return "started";
        }
        catch (Win32Exception e)
        {
            return e.Message;
        }
    }
}
