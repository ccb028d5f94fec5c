using System.Text.RegularExpressions;
using Spork.Tests.Support;

namespace Spork.Tests.Packaging;

/// <summary>
/// tests/Spork.AotProbe, a program that uses every way into the library, as users publish it: compiled ahead of time, and
/// trimmed. The whole library is kept, so that a warning of the linker or of the compiler about any of it fails the test.
/// </summary>
public sealed partial class AheadOfTimeTests : IDisposable
{
    // What there is without a child program of our own, on the last rung.
    private static readonly string[] s_onEveryRung =
    [
        "run",
        "run-async",
        "start",
        "start-async",
        "signal",
        "missing-program",
        "from",
        "environment",
        "files",
        "hundred",
        "collections",
        "nothing-left",
    ];

    private static readonly HashSet<Type> s_started =
    [
        typeof(ChildProcess),
        typeof(GatedChild),
        typeof(ExitStatus),
        typeof(CommandOutput),
        typeof(CommandPipe),
        typeof(CommandEvent),
        typeof(PipelineProcess),
        typeof(PipelineStatus),
        typeof(PipelineOutput),
    ];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    // net10.0 where its compiler is to be had, net9.0 where only that one is.
    [Theory]
    [InlineData("net9.0")]
    [InlineData("net10.0")]
    [Deadline(seconds: 420)]
    public void Compiled_ahead_of_time_it_starts_programs_in_every_way(string framework)
    {
        const string NotTested = "Spork compiled ahead of time";
        Tools.FindOrSkip(["clang", "gcc"], $"{NotTested}: it needs a linker");
        var probe = Publish(framework, $"{NotTested} for {framework}", "-p:PublishAot=true");
        Assert.Contains("dynamic code: False\n", Check(probe), StringComparison.Ordinal);
    }

    [Fact]
    [Deadline(seconds: 420)]
    public void Trimmed_it_starts_programs_in_every_way()
    {
        var probe = Publish("net10.0", "Spork in a trimmed program", "--self-contained", "-p:PublishTrimmed=true");
        Assert.Contains("dynamic code: True\n", Check(probe), StringComparison.Ordinal);
    }

    // The assembly that users of net9.0 get, on the runtime that is there, and the control for the tests above.
    [Theory]
    [InlineData("net9.0")]
    [InlineData("net10.0")]
    public void Compiled_as_usual_it_starts_programs_in_every_way(string framework)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        Check(
            Repository.PathOf("artifacts", "bin", "Spork.AotProbe", $"{configuration}_{framework}", "Spork.AotProbe")
        );
    }

    /// <summary>Everything public that starts something, overloads aside; docs/package.md says that the probe does.</summary>
    [Fact]
    public void The_probe_uses_every_way_in()
    {
        var sources = string.Concat(
            Directory.EnumerateFiles(Repository.PathOf("tests", "Spork.AotProbe"), "*.cs").Select(File.ReadAllText)
        );
        var ways = (
            (Type[])[typeof(Command), typeof(GatedChild), typeof(Pipeline), typeof(Posix), typeof(ProcessScope)]
        )
            .SelectMany(type =>
                type.GetMethods().Where(method => method.DeclaringType == type && !method.IsSpecialName)
            )
            .Where(method => s_started.Contains(ResultOf(method.ReturnType)) || method.Name == "ExecInPlace")
            .Select(method => method.Name)
            .Append("Shell")
            .Append("From")
            .Append("WithTimeout")
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Assert.Superset(
            new HashSet<string>(["Run", "StartInTerminalAsync", "ListenAsync", "OpenPipe", "SpawnPAsync"]),
            ways.ToHashSet(StringComparer.Ordinal)
        );
        Assert.All(ways, way => Assert.Contains($".{way}(", sources, StringComparison.Ordinal));
        Assert.Contains($"new {nameof(Testing.CommandDouble)}()", sources, StringComparison.Ordinal);
    }

    private static Type ResultOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;

    private string Publish(string framework, string notTested, params string[] options)
    {
        Sdk.SkipWithout(notTested);
        SourceCopy.Make(_directory.Path, "src", "tests/Spork.AotProbe", "tests/Directory.Build.props");
        // The compiler and the runtime pack would stand in them, as a function of the machine.
        foreach (var path in Directory.GetFiles(_directory.Path, "packages.lock.json", SearchOption.AllDirectories))
        {
            File.Delete(path);
        }

        var run = Sdk.Run(
            _directory.Path,
            [
                "publish",
                "tests/Spork.AotProbe",
                "--configuration=Release",
                "--runtime=linux-x64",
                $"--framework={framework}",
                $"-p:TargetFrameworks={framework}",
                "-p:RestorePackagesWithLockFile=false",
                $"--output={_directory["published"]}",
                .. Sdk.BuildOptions,
                .. options,
            ]
        );
        var missing = MissingPackage().Match(run.Output);
        Assert.SkipWhen(
            missing.Success,
            $"NOT TESTED: {notTested}. A package of the SDK is not to be had here: {missing.Value}"
        );
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.DoesNotContain("warning", run.Output, StringComparison.Ordinal);
        return Path.Combine(_directory["published"], "Spork.AotProbe");
    }

    private static string Check(string probe)
    {
        var output = Run("all checks", "PROBE_BYTES=$(printf 'a\\377b') exec \"$0\"", probe);
        Run("on the second rung", "SPORK_SPAWN=clone exec \"$0\"", probe);
        Run("on the last rung", $"SPORK_SPAWN=posix_spawn exec \"$0\" {string.Join(' ', s_onEveryRung)}", probe);
        Assert.Equal(9, ToolRun.Of(probe, "exec").Code);
        return output;
    }

    private static string Run(string what, string script, string probe)
    {
        // What this run was told about rungs is not meant for the probe.
        var run = ToolRun.Of("sh", "-c", $"unset SPORK_SPAWN; {script}", probe);
        Assert.True(run.Code == 0, $"{probe}, {what}, ended with {run.Code}:\n{run.Output}{run.Errors}");
        Assert.Contains("\nok hundred\n", run.Output, StringComparison.Ordinal);
        return run.Output;
    }

    // No such package, no such version of it, or no answer.
    [GeneratedRegex(
        @"NU1301.*|NU110[12].*(ILCompiler|NativeAOT|NETCore\.App).*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex MissingPackage();
}
