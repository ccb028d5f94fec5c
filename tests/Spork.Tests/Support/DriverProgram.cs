using System.Diagnostics;
using System.Text.Json;

namespace Spork.Tests.Support;

/// <summary>The tests' second process: see tests/Spork.Driver.</summary>
internal static class DriverProgram
{
    public static string Executable { get; } =
        DummyProgram.Executable.Replace("Spork.Dummy", "Spork.Driver", StringComparison.Ordinal);

    /// <summary>Runs it to its end and reads the one line it prints.</summary>
    public static JsonElement Ask(params string[] arguments) => Ask([], Executable, arguments);

    /// <summary>The same behind another program (unshare), with changes to the environment.</summary>
    public static JsonElement Ask(
        IEnumerable<(string Name, string Value)> environment,
        string program,
        params string[] arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments);
        // What this run was told about rungs is not meant for a driver that is told something else.
        start.Environment.Remove("SPORK_SPAWN");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var run = ToolRun.Of(start);
        Assert.True(
            run.Code == 0 && run.Output.StartsWith('{'),
            $"{program} {string.Join(' ', arguments)} ended with {run.Code}:\n{run.Output}\n{run.Errors}"
        );
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>An array of strings in the answer.</summary>
    public static string[] Strings(this JsonElement answer, string name) =>
        [.. answer.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];

    public static string String(this JsonElement answer, string name) => answer.GetProperty(name).GetString()!;
}
