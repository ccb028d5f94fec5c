using System.IO.Compression;
using Spork.Tests.Support;

namespace Spork.Tests.Packaging;

/// <summary>
/// The packages as CI would make them, from two checkouts of one commit in different folders. They are repositories of
/// their own, with a remote that is made up: this one may have none, and where sources are is what SourceLink asks git.
/// </summary>
[CollectionDefinition(nameof(Packed))]
public sealed class Packed : ICollectionFixture<Packed>, IDisposable
{
    public const string Remote = "https://github.com/example/spork";

    private readonly TempDirectory _directory = new();
    private readonly Lazy<Files> _first;
    private readonly Lazy<Files> _second;

    public Packed()
    {
        // Within the deadline of the test that asks first.
        _first = new(() => Pack("one", "Spork", "Spork.Cli"));
        _second = new(() => Pack("another folder", "Spork"));
    }

    /// <summary>Library and tool.</summary>
    internal Files First => _first.Value;

    /// <summary>The library once more, from the same sources in another place.</summary>
    internal Files Second => _second.Value;

    public void Dispose() => _directory.Dispose();

    private Files Pack(string name, params string[] projects)
    {
        Sdk.SkipWithout("what is in the packages");
        Tools.FindOrSkip("git", "what is in the packages: they name the commit they were made of");
        var checkout = _directory[name];
        var output = _directory[$"packages of {name}"];
        SourceCopy.Make(checkout, "src", "LICENSE");
        Commit(checkout);
        foreach (var project in projects)
        {
            string[] arguments =
            [
                "pack",
                $"src/{project}/{project}.csproj",
                "--configuration=Release",
                $"--output={output}",
                .. Sdk.BuildOptions,
            ];
            // Lock files are kept to, paths are not written down.
            var said = Sdk.Do(checkout, start => start.Environment["CI"] = "true", arguments);
            Assert.DoesNotContain("warning", said, StringComparison.Ordinal);
        }

        return new Files(output, checkout);
    }

    // The same commit wherever it is made: its number stands in the assemblies.
    private static void Commit(string checkout)
    {
        const string Script = """
            export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null HOME=/nonexistent
            export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@t GIT_AUTHOR_DATE=2026-01-01T00:00:00Z
            export GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@t GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
            cd "$0" && git init --quiet --initial-branch=main . && git remote add origin "$1" &&
            git add --all && git commit --quiet --message=packed
            """;
        var run = ToolRun.Of("sh", "-c", Script, checkout, Remote + ".git");
        Assert.True(run.Code == 0, run.Output + run.Errors);
    }

    /// <summary>A folder with packages, which is also a package source.</summary>
    internal sealed record Files(string Folder, string Checkout)
    {
        public static string Version { get; } = typeof(Command).Assembly.GetName().Version!.ToString(3);

        public string PathOf(string id, string extension = "nupkg") =>
            Path.Combine(Folder, $"{id}.{Version}.{extension}");

        /// <summary>Path and content of each file, but for what the format itself needs.</summary>
        public SortedDictionary<string, byte[]> Content(string id, string extension = "nupkg")
        {
            using var archive = ZipFile.OpenRead(PathOf(id, extension));
            var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var entry in archive.Entries.Where(entry => !IsOfTheFormat(entry.FullName)))
            {
                using var content = entry.Open();
                using var copy = new MemoryStream();
                content.CopyTo(copy);
                files.Add(entry.FullName, copy.ToArray());
            }

            return files;
        }

        private static bool IsOfTheFormat(string path) =>
            path is "[Content_Types].xml"
            || path.StartsWith("_rels/", StringComparison.Ordinal)
            || path.StartsWith("package/", StringComparison.Ordinal);
    }
}
