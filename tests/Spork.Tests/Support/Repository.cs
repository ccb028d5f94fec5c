using System.Runtime.CompilerServices;

namespace Spork.Tests.Support;

/// <summary>Where the sources are: tests that read them start from the place this file was compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Library => Path.Combine(Root, "src", "Spork");

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    // A deterministic build may map source paths (/_/…); then the directory of the running tests leads there.
    private static string Find([CallerFilePath] string compiledFrom = "")
    {
        foreach (var start in new[] { Path.GetDirectoryName(compiledFrom), AppContext.BaseDirectory })
        {
            for (var at = start; !string.IsNullOrEmpty(at); at = Path.GetDirectoryName(at))
            {
                if (File.Exists(Path.Combine(at, "Spork.slnx")))
                {
                    return at;
                }
            }
        }

        throw new InvalidOperationException($"No Spork.slnx above {compiledFrom} or {AppContext.BaseDirectory}.");
    }
}
