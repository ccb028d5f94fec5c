using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Spork.Tests.House;
using Spork.Tests.Support;

namespace Spork.Tests.Packaging;

/// <summary>What is in the packages of the library and of the tool.</summary>
[Collection(nameof(Packed))]
public sealed class PackageTests(Packed packed)
{
    private static readonly string[] s_frameworks = ["net10.0", "net9.0"];

    [Fact]
    [Deadline(seconds: 420)]
    public void The_library_has_no_dependencies_and_is_there_for_both_frameworks()
    {
        var files = packed.First.Content("Spork");
        Assert.Equal(
            [
                "LICENSE",
                "README.md",
                "Spork.nuspec",
                "icon.png",
                "lib/net10.0/Spork.dll",
                "lib/net10.0/Spork.xml",
                "lib/net9.0/Spork.dll",
                "lib/net9.0/Spork.xml",
            ],
            files.Keys
        );
        var nuspec = Nuspec(files, "Spork");
        Assert.DoesNotContain(nuspec.Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Equal(
            s_frameworks,
            nuspec
                .Descendants()
                .Where(e => e.Name.LocalName == "group")
                .Select(e => e.Attribute("targetFramework")!.Value)
        );
    }

    [Theory]
    [Deadline(seconds: 420)]
    [InlineData("Spork")]
    [InlineData("Spork.Cli")]
    public void A_package_says_what_it_is_under_which_license_and_where_from(string id)
    {
        var nuspec = Nuspec(packed.First.Content(id), id);
        string Value(string name) => nuspec.Descendants().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal(
            (id, Packed.Files.Version, "MIT", "README.md", "icon.png"),
            (Value("id"), Value("version"), Value("license"), Value("readme"), Value("icon"))
        );
        Assert.All(["description", "tags", "authors", "copyright"], name => Assert.NotEqual("", Value(name)));
        var repository = nuspec.Descendants().Single(e => e.Name.LocalName == "repository");
        Assert.Equal("git", repository.Attribute("type")!.Value);
        Assert.StartsWith(Packed.Remote, repository.Attribute("url")!.Value, StringComparison.Ordinal);
        Assert.Equal(40, repository.Attribute("commit")!.Value.Length);
    }

    [Fact]
    [Deadline(seconds: 420)]
    public void The_tool_brings_all_it_needs_and_the_notices_that_go_with_that()
    {
        var files = packed.First.Content("Spork.Cli");
        const string Folder = "tools/net10.0/any/";
        Assert.Contains("THIRD-PARTY-NOTICES.txt", files.Keys);
        Assert.DoesNotContain(files.Keys, path => path.EndsWith(".xml", StringComparison.Ordinal) && !IsSettings(path));
        var notices = Encoding.UTF8.GetString(files["THIRD-PARTY-NOTICES.txt"]);
        var foreign = files
            .Keys.Where(path => path.StartsWith(Folder, StringComparison.Ordinal))
            .Where(path => path.EndsWith(".dll", StringComparison.Ordinal))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name is not ("Spork" or "Spork.Cli"))
            .ToList();
        Assert.NotEmpty(foreign);
        Assert.All(foreign, name => Assert.Contains(name, notices, StringComparison.Ordinal));
        var settings = XDocument.Parse(Text(files[Folder + "DotnetToolSettings.xml"]));
        Assert.Equal("spork", settings.Descendants("Command").Single().Attribute("Name")!.Value);
    }

    [Fact]
    [Deadline(seconds: 420)]
    public void Two_builds_of_one_commit_in_different_folders_are_the_same_bytes()
    {
        foreach (var extension in (string[])["nupkg", "snupkg"])
        {
            var one = packed.First.Content("Spork", extension);
            var other = packed.Second.Content("Spork", extension);
            Assert.Equal(one.Keys, other.Keys);
            Assert.All(one, file => Assert.True(file.Value.AsSpan().SequenceEqual(other[file.Key]), file.Key));
        }
    }

    [Fact]
    [Deadline(seconds: 420)]
    public void A_debugger_finds_every_source_of_the_library()
    {
        foreach (var framework in s_frameworks)
        {
            var symbols = packed.First.Content("Spork", "snupkg")[$"lib/{framework}/Spork.pdb"];
            using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));
            var reader = provider.GetMetadataReader();
            var link = SourceInformation.Link(reader);
            Assert.Contains("/example/spork/", link, StringComparison.Ordinal);
            var (linked, embedded, neither) = SourceInformation.Documents(reader);
            Assert.True(linked > 50, $"{linked} sources have an address");
            Assert.True(embedded > 0, "sources that the compiler wrote are not in the repository");
            Assert.Empty(neither);
        }
    }

    // CS1591 is an error for the library; this is the same from the other end, on what users get.
    [Fact]
    [Deadline(seconds: 420)]
    public void Every_public_member_is_documented_for_both_frameworks()
    {
        var members = PublicMembers().ToList();
        Assert.True(members.Count > 300, $"only {members.Count} public members were found");
        Assert.Contains("T:Spork.Command", members);
        Assert.Contains("T:Spork.Testing.CommandDouble", members);
        foreach (var framework in s_frameworks)
        {
            var text = Text(packed.First.Content("Spork")[$"lib/{framework}/Spork.xml"]);
            var documented = XDocument
                .Parse(text)
                .Descendants("member")
                .Where(member => member.HasElements)
                .Select(member => member.Attribute("name")!.Value)
                .ToHashSet(StringComparer.Ordinal);
            Assert.Empty(members.Except(documented));
        }
    }

    private static IEnumerable<string> PublicMembers()
    {
        var compilation = SourceCompilation.Compile(SourceCompilation.LibrarySources());
        foreach (var type in PublicTypes(compilation.Assembly.GlobalNamespace))
        {
            yield return type.GetDocumentationCommentId()!;
            foreach (var member in type.GetMembers().Where(IsPublic).Where(IsWritten))
            {
                yield return member.GetDocumentationCommentId()!;
            }
        }
    }

    // In every namespace, and within types that are public themselves.
    private static IEnumerable<INamedTypeSymbol> PublicTypes(INamespaceOrTypeSymbol within) =>
        within
            .GetMembers()
            .SelectMany(member =>
                member switch
                {
                    INamespaceSymbol space => PublicTypes(space),
                    INamedTypeSymbol type when IsPublic(type) => PublicTypes(type).Prepend(type),
                    _ => [],
                }
            );

    private static bool IsPublic(ISymbol symbol) => symbol.DeclaredAccessibility == Accessibility.Public;

    // What the compiler adds is not documented, nor a record's parameter apart from the record; an override has its base's.
    private static bool IsWritten(ISymbol member) =>
        !member.IsImplicitlyDeclared
        && !member.IsOverride
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && member.DeclaringSyntaxReferences.All(r =>
            r.GetSyntax() is not Microsoft.CodeAnalysis.CSharp.Syntax.ParameterSyntax
            && !(member is IMethodSymbol && r.GetSyntax() is Microsoft.CodeAnalysis.CSharp.Syntax.TypeDeclarationSyntax)
        );

    private static bool IsSettings(string path) => path.EndsWith("/DotnetToolSettings.xml", StringComparison.Ordinal);

    private static XDocument Nuspec(SortedDictionary<string, byte[]> files, string id) =>
        XDocument.Parse(Text(files[$"{id}.nuspec"]));

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
}
