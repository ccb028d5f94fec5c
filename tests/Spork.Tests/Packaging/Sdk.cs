using System.Diagnostics;
using Spork.Tests.Cli;
using Spork.Tests.Support;

namespace Spork.Tests.Packaging;

/// <summary>The dotnet command, as somebody else would use it: in another folder, leaving no build server behind.</summary>
internal static class Sdk
{
    /// <summary>For every build: no server stays; analyzers have had their say when this repository was built.</summary>
    public static readonly string[] BuildOptions =
    [
        "-m:1",
        "-nodeReuse:false",
        "-p:UseSharedCompilation=false",
        "-p:RunAnalyzers=false",
        "-v:quiet",
    ];

    public static ToolRun Run(string directory, params IEnumerable<string> arguments) =>
        Run(directory, _ => { }, arguments);

    public static ToolRun Run(
        string directory,
        Action<ProcessStartInfo> configure,
        params IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo(SporkCli.Dotnet, arguments)
        {
            WorkingDirectory = directory,
            Environment =
            {
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_NOLOGO"] = "1",
                ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            },
        };
        SourceCopy.ForgetOurBuild(start);
        configure(start);
        return ToolRun.Of(start);
    }

    /// <summary>The same, which must succeed; what it wrote.</summary>
    public static string Do(string directory, Action<ProcessStartInfo> configure, params IEnumerable<string> arguments)
    {
        var run = Run(directory, configure, arguments);
        Assert.True(run.Code == 0, $"dotnet {string.Join(' ', arguments)}: {run.Code}\n{run.Output}{run.Errors}");
        return run.Output;
    }

    public static void SkipWithout(string notTested) =>
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Path.GetDirectoryName(SporkCli.Dotnet)!, "sdk")),
            $"NOT TESTED: {notTested}. There is a runtime but no SDK beside {SporkCli.Dotnet}."
        );
}
