using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary>Writes the report; what goes wrong is told beside the command's own end, never instead of it.</summary>
internal static class RunReportFile
{
    /// <summary>The report is made only where one is wanted: loading the JSON writer alone takes 5 ms.</summary>
    /// <returns>What went wrong, or null.</returns>
    public static string? Publish(AtomicFile? file, Func<byte[]> report)
    {
        try
        {
            file?.Publish(report());
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"--report could not be written: {IoTrouble.Of(e)}";
        }
    }
}
