namespace Spork.Tests.Support;

/// <summary>Finds programs that a test needs and that not every machine has.</summary>
internal static class Tools
{
    /// <summary>The first of <paramref name="names"/> on PATH, or null.</summary>
    public static string? Find(params ReadOnlySpan<string> names)
    {
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin").Split(':');
        foreach (var name in names)
        {
            foreach (var directory in directories)
            {
                var path = Path.Combine(directory, name);
                if (directory.Length > 0 && IsExecutable(path))
                {
                    return path;
                }
            }
        }

        return null;
    }

    /// <summary>Finds the program, or skips the running test and says aloud what stays unproven.</summary>
    public static string FindOrSkip(string name, string notTested) => FindOrSkip([name], notTested);

    /// <inheritdoc cref="FindOrSkip(string, string)"/>
    public static string FindOrSkip(ReadOnlySpan<string> names, string notTested)
    {
        if (Find(names) is { } path)
        {
            return path;
        }

        Assert.Skip($"NOT TESTED: {notTested}. None of {string.Join(", ", names.ToArray())} is on PATH.");
        return ""; // Not reached: Skip throws.
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (
            File.GetUnixFileMode(path)
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)
        ) != 0;
}
