using System.Text.RegularExpressions;
using Spork.Tests.Support;

namespace Spork.Tests.Samples;

/// <summary>The samples do what they say, both ways, and the index names them all.</summary>
public partial class SampleTests
{
    public static TheoryData<string> Names => [.. Found().Select(sample => sample.Name)];

    private static string Executable =>
        DummyProgram.Executable.Replace("Spork.Dummy", "Spork.Samples", StringComparison.Ordinal);

    // The runner compares: the same results both ways, unless the sample says why they differ; then they must.
    [Theory]
    [MemberData(nameof(Names))]
    public void Both_ways_come_to_what_the_sample_says(string name)
    {
        // Some samples ask for what the last rung does not have.
        var run = ToolRun.Of("env", "--unset=SPORK_SPAWN", Executable, name);
        Assert.True(run.Code == 0, run.Output + run.Errors);
        Assert.StartsWith($"{name}: ", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Errors);
    }

    [Fact]
    public void The_runner_lists_every_sample_in_the_order_of_the_index()
    {
        var listed = ToolRun.Of(Executable).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var index = File.ReadAllText(Repository.PathOf("samples", "README.md"));
        var indexed = IndexLine().Matches(index).Select(line => line.Groups["name"].Value).ToList();
        Assert.True(indexed.Count >= 10, $"{indexed.Count} samples");
        Assert.Equal(indexed, listed.Select(line => line.Split(' ')[0]));
        Assert.Equal(
            indexed.Order(StringComparer.Ordinal),
            Found().Select(sample => sample.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(Found(), sample => Assert.Contains($"](Tasks/{sample.File})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_sample_is_an_error() => Assert.Equal(2, ToolRun.Of(Executable, "no-such-sample").Code);

    private static IEnumerable<(string Name, string File)> Found() =>
        Directory
            .EnumerateFiles(Repository.PathOf("samples", "Tasks"), "*.cs")
            .Select(path => (NameLine().Match(File.ReadAllText(path)).Groups["name"].Value, Path.GetFileName(path)))
            .Where(sample => sample.Item1.Length > 0);

    [GeneratedRegex("string Name => \"(?<name>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameLine();

    [GeneratedRegex(@"^\| \[(?<name>[^\]]+)\]\(Tasks/", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IndexLine();
}
