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
