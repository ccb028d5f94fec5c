using System.Diagnostics;

namespace Spork.Tests.Support;

/// <summary>A part of this checkout in a folder of its own, to be built there without touching what is built here.</summary>
internal static class SourceCopy
{
    private static readonly string[] s_forEveryBuild =
    [
        "global.json",
        "Directory.Build.props",
        "Directory.Packages.props",
        ".editorconfig",
    ];

    /// <summary>Copies files and folders, each to the place it has here, and what every build needs.</summary>
    public static void Make(string directory, params ReadOnlySpan<string> names)
    {
        foreach (var name in (IEnumerable<string>)[.. names, .. s_forEveryBuild])
        {
            var target = Path.Combine(directory, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            Assert.Equal(0, ToolRun.Of("cp", "-a", Repository.PathOf(name.Split('/')), target).Code);
        }
    }

    /// <summary>What `dotnet test` and CI set for their own builds must not steer another one.</summary>
    public static void ForgetOurBuild(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(IsBuildVariable).ToList())
        {
            start.Environment.Remove(name);
        }
    }

    private static bool IsBuildVariable(string name) =>
        name is "CI" || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase);
}
