namespace Spork.Tests.Support;

/// <summary>A directory of its own for a test, deleted with everything in it.</summary>
public sealed class TempDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("spork-tests-");

    public string Path => _directory.FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and returns its path.</summary>
    public string Write(string name, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        var path = this[name];
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    public void Dispose()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            // A test took its own permissions away, which only bites when it does not run as root.
            Reopen(_directory);
            _directory.Delete(recursive: true);
        }
    }

    private static void Reopen(DirectoryInfo directory)
    {
        directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var child in directory.EnumerateDirectories())
        {
            // Not through a symbolic link: it may lead out of here.
            if (child.LinkTarget is null)
            {
                Reopen(child);
            }
        }
    }
}
