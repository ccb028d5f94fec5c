using System.Diagnostics;

namespace Spork.Tests.Support;

/// <summary>
/// Runs a program to its end with System.Diagnostics.Process: where the proof must not rest on what it proves.
/// </summary>
internal sealed record ToolRun(int Code, string Output, string Errors)
{
    public static ToolRun Of(string program, params string[] arguments) => Of(new ProcessStartInfo(program, arguments));

    /// <summary>With nothing to read.</summary>
    public static ToolRun Of(ProcessStartInfo start)
    {
        using var process = Start(start);
        process.StandardInput.Close();
        return Finish(process);
    }

    /// <summary>With all three streams in pipes.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    /// <summary>Reads both streams to their ends; the caller disposes the process.</summary>
    public static ToolRun Finish(Process process)
    {
        // Process.Dispose leaves readers that were handed out to the finalizer, which would close their pipes in the
        // middle of a later test that counts descriptors.
        using var output = process.StandardOutput;
        using var errors = process.StandardError;
        var errorText = errors.ReadToEndAsync();
        var outputText = output.ReadToEnd();
        process.WaitForExit();
        return new ToolRun(process.ExitCode, outputText, errorText.GetAwaiter().GetResult());
    }
}
