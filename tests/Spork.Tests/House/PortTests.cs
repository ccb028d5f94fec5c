using System.Text.RegularExpressions;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>What a port to another processor touches is a list in docs/architecture.md, and the list is complete.</summary>
public partial class PortTests
{
    [Fact]
    public void X64_is_named_in_its_own_files_and_in_those_that_the_list_has()
    {
        var sources = SourceCompilation.LibrarySources();
        var listed = Listed();
        Assert.Contains("Machine/MachineArchitecture.cs", listed);
        Assert.All(listed, file => Assert.True(sources.ContainsKey(file), $"{file} is on the list and does not exist"));
        Assert.Empty(
            sources
                .Where(file => file.Value.Contains("X64", StringComparison.Ordinal))
                .Select(file => file.Key)
                .Where(file => !file.StartsWith("Machine/X64", StringComparison.Ordinal))
                .Except(listed)
        );
    }

    private static List<string> Listed()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));
        var section = text.Split("\n## Another processor\n")[1].Split("\n## ")[0];
        return [.. ListedFile().Matches(section).Select(match => match.Groups["file"].Value)];
    }

    [GeneratedRegex(
        "^- `(?<file>[^`]+)`:",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex ListedFile();
}
