using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>The library's sources, compiled in memory so that every name can be asked where it is declared.</summary>
internal static class SourceCompilation
{
    // What ImplicitUsings puts into a file that is not among the sources.
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // The source generators do not run here, so a partial method has no body (CS8795) that sets its out parameters
    // (CS0177). Neither hides a name.
    private static readonly string[] s_expectedErrors = ["CS8795", "CS0177"];

    /// <summary>Every C# file of the library, by its path below src/Spork.</summary>
    public static IReadOnlyDictionary<string, string> LibrarySources() =>
        Directory
            .EnumerateFiles(Repository.Library, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(Repository.Library, path), Text: File.ReadAllText(path)))
            .Where(file => !file.Path.StartsWith("obj/", StringComparison.Ordinal))
            .Where(file => !file.Path.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(file => file.Path, file => file.Text);

    /// <summary>Compiles. An unresolved name would hide a wrong arrow, so any other error fails the test.</summary>
    public static CSharpCompilation Compile(IReadOnlyDictionary<string, string> sources)
    {
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var trees = sources
            .Select(file => CSharpSyntaxTree.ParseText(file.Value, options, file.Key))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, options));
        var compilation = CSharpCompilation.Create(
            "Spork",
            trees,
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
        );
        var errors = compilation
            .GetDiagnostics()
            .Where(d => d.Severity == DiagnosticSeverity.Error && !s_expectedErrors.Contains(d.Id))
            .Take(20)
            .ToList();
        Assert.True(errors.Count == 0, "The sources do not compile in the test:\n" + string.Join('\n', errors));
        return compilation;
    }

    // Only the framework: the list of trusted assemblies also has Spork.dll itself, which would answer for its sources.
    private static IEnumerable<MetadataReference> References()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == framework)
            .Select(path => MetadataReference.CreateFromFile(path));
    }
}
