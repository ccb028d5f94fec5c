using System.Diagnostics;

namespace Spork.Tests.Support;

/// <summary>
/// Runs a program to its end with System.Diagnostics.Process: where the proof must not rest on what it proves.
/// </summary>
internal sealed record ToolRun(int Code, string Output, string Errors)
{
    public static ToolRun Of(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
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
