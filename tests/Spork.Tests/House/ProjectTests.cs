using System.Xml.Linq;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>Promises that stand in project files.</summary>
public class ProjectTests
{
    [Fact]
    public void The_library_brings_no_packages_to_those_who_use_it()
    {
        var references = new[]
        {
            Repository.PathOf("src", "Spork", "Spork.csproj"),
            Repository.PathOf("Directory.Build.props"),
        }
            .SelectMany(path => Elements(path, "PackageReference"))
            .ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.Equal((Name(r), "all"), (Name(r), r.Attribute("PrivateAssets")?.Value)));
    }

    [Fact]
    public void The_library_is_for_both_frameworks_and_made_to_be_trimmed_and_compiled_ahead_of_time()
    {
        var project = Repository.PathOf("src", "Spork", "Spork.csproj");
        string Value(string name) => Assert.Single(Elements(project, name), e => e.Value.Length > 0).Value;
        Assert.Equal("net10.0;net9.0", Value("TargetFrameworks"));
        // Turns the analyzers on, whose warnings are errors; nothing turns one off again.
        Assert.Equal("true", Value("IsAotCompatible"));
        Assert.Empty(Elements(project, "NoWarn"));
        Assert.DoesNotContain(
            SourceCompilation.LibrarySources(),
            file => file.Value.Contains("UnconditionalSuppressMessage", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Only_the_library_and_the_tool_become_packages()
    {
        var packed = Directory
            .EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(path => Elements(path, "Import").Any(i => i.Attribute("Project")?.Value == "../Package.props"))
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Order(StringComparer.Ordinal);
        Assert.Equal(["src/Spork.Cli/Spork.Cli.csproj", "src/Spork/Spork.csproj"], packed);
        Assert.Equal("false", Assert.Single(Elements(Repository.PathOf("Directory.Build.props"), "IsPackable")).Value);
    }

    [Fact]
    public void The_tool_uses_public_API_only()
    {
        var friends = Elements(Repository.PathOf("src", "Spork", "Spork.csproj"), "InternalsVisibleTo").Select(Name);
        Assert.Equal(["Spork.Tests", "Spork.Driver"], friends);
        Assert.DoesNotContain(
            SourceCompilation.LibrarySources(),
            file => file.Value.Contains("InternalsVisibleTo", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Every_package_version_stands_in_one_place()
    {
        var projects = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories).ToList();
        Assert.True(projects.Count >= 3, $"only {projects.Count} projects were found");
        Assert.All(
            projects.SelectMany(path => Elements(path, "PackageReference").Select(r => (Path: path, Reference: r))),
            found =>
                Assert.True(
                    found.Reference.Attribute("Version") is null
                        && found.Reference.Attribute("VersionOverride") is null,
                    $"{found.Path}: {Name(found.Reference)} has a version of its own"
                )
        );
    }

    private static IEnumerable<XElement> Elements(string path, string name) => XDocument.Load(path).Descendants(name);

    private static string? Name(XElement element) => element.Attribute("Include")?.Value;
}
