using System.Diagnostics;
using System.Runtime.InteropServices;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>The tool as a user's shell starts it: another process, its streams in pipes, no terminal anywhere.</summary>
internal static class SporkCli
{
    /// <summary>Built beside these tests, in the same configuration.</summary>
    public static string Dll { get; } =
        Repository.PathOf(
            "artifacts",
            "bin",
            "Spork.Cli",
            Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)),
            "Spork.Cli.dll"
        );

    /// <summary>The muxer of the runtime these tests run on: …/shared/Microsoft.NETCore.App/10.0.x/ and three up.</summary>
    public static string Dotnet { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>
    /// The two words that start the tool in a shell's line. A checkout may lie in a folder with a blank in its name, where
    /// <c>$SPORK</c> would fall apart: then a link without one leads there.
    /// </summary>
    public static string Line { get; } = $"{Dotnet} {WithoutBlanks(Dll)}";

    public static ToolRun Run(params string[] words) => Run(_ => { }, words);

    public static ToolRun Run(Action<ProcessStartInfo> configure, params string[] words)
    {
        using var process = Start(configure, words);
        process.StandardInput.Close();
        return ToolRun.Finish(process);
    }

    /// <summary>The tool at the end of a shell's pipeline or redirection: <c>$SPORK</c> in the script runs it.</summary>
    public static ToolRun Shell(string script) =>
        ToolRun.Of(new ProcessStartInfo("bash", ["-c", script]) { Environment = { ["SPORK"] = Line } });

    public static Process Start(Action<ProcessStartInfo> configure, params string[] words)
    {
        var start = new ProcessStartInfo(Dotnet, [Dll, .. words]);
        configure(start);
        return ToolRun.Start(start);
    }

    private static string WithoutBlanks(string dll)
    {
        if (!dll.Contains(' ', StringComparison.Ordinal))
        {
            return dll;
        }

        var link = Path.Combine(Path.GetTempPath(), $"spork-cli-{Environment.ProcessId}");
        File.CreateSymbolicLink(link, Path.GetDirectoryName(dll)!);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(link);
        return Path.Combine(link, Path.GetFileName(dll));
    }
}
