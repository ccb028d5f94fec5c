using System.Net;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>Every C# example compiles: those of the README and docs, and those of the XML documentation.</summary>
public partial class ExampleTests
{
    private const string Before = """
        using System;
        using System.IO;
        using System.IO.Pipes;
        using System.Threading.Tasks;
        using Spork;

        """;

    // Once for all examples: what a reference has read stays in memory.
    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_references = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(':')
                .Where(File.Exists)
                .Where(path =>
                    Path.GetFileName(path) is var name
                    && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Spork.dll")
                )
                .Select(path => MetadataReference.CreateFromFile(path)),
        ]
    );

    public static TheoryData<string, string> Examples => [.. Found()];

    [Fact]
    public void There_are_examples_of_both_kinds()
    {
        var places = Found().Select(example => example.Item1).ToList();
        Assert.Contains(places, place => place.StartsWith("README.md", StringComparison.Ordinal));
        Assert.Contains(places, place => place.Contains("Command.cs", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void It_compiles(string place, string code)
    {
        var errors = ErrorsOf(code);
        Assert.True(errors.Count == 0, $"{place}:\n{string.Join('\n', errors)}\n{code}");
    }

    [Fact]
    public void One_that_is_wrong_does_not() => Assert.NotEmpty(ErrorsOf("new Command(1).Fly();"));

    private static List<Diagnostic> ErrorsOf(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(
            Before + code,
            CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview)
        );
        var compilation = CSharpCompilation.Create(
            "Example",
            [tree],
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication)
        );
        return [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];
    }

    private static IEnumerable<(string, string)> Found()
    {
        string[] pages =
        [
            Repository.PathOf("README.md"),
            Repository.PathOf("src", "Spork", "README.md"),
            .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md"),
        ];
        foreach (var page in pages)
        {
            foreach (Match fence in Fence().Matches(File.ReadAllText(page)))
            {
                yield return ($"{Path.GetFileName(page)} at {fence.Index}", fence.Groups["code"].Value);
            }
        }

        foreach (var (path, source) in SourceCompilation.LibrarySources())
        {
            foreach (Match example in Documented().Matches(source))
            {
                var code = string.Join(
                    '\n',
                    example.Groups["code"].Value.Split('\n').Select(line => line.Trim().TrimStart('/'))
                );
                yield return ($"{path} at {example.Index}", WebUtility.HtmlDecode(code));
            }
        }
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fence();

    [GeneratedRegex(
        "<example><code>(?<code>.*?)</code></example>",
        RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Documented();
}
