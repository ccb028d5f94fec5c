namespace Spork.Cli.Output;

/// <summary>
/// A file that appears whole or not at all: written beside its place and renamed onto it. It is created before the
/// work starts, so that a report nobody can write stops the run before it has begun, not after.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private const int MostLinks = 40; // path_resolution(7)

    private readonly string _path;
    private readonly string? _temporary;
    private readonly FileStream _stream;

    private AtomicFile(string path)
    {
        // A link stays a link; what it leads to is replaced.
        _path = FollowLinks(Absolute(path));
        if (Directory.Exists(_path))
        {
            throw new IOException($"\"{path}\" is a directory");
        }

        // Renaming onto a FIFO, /dev/stderr or /proc/self/fd/3 would replace the name; those are written directly.
        if (IsDevice(_path) || FileKind.IsSpecial(_path))
        {
            _stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            return;
        }

        // A name nobody can foresee, and O_EXCL: in /tmp somebody could have put a link there.
        _temporary = Path.Combine(Path.GetDirectoryName(_path) ?? "/", $".spork-{Path.GetRandomFileName()}");
        try
        {
            _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write);
            if (File.Exists(_path))
            {
                File.SetUnixFileMode(_stream.SafeFileHandle, File.GetUnixFileMode(_path));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InTermsOfThePath(e);
        }
    }

    /// <exception cref="UsageException">The place cannot be written.</exception>
    public static AtomicFile Create(string option, string path)
    {
        try
        {
            return new AtomicFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{option} {path}: cannot be written: {IoTrouble.Of(e)}", e);
        }
    }

    public void Publish(ReadOnlySpan<byte> content)
    {
        try
        {
            _stream.Write(content);
            _stream.Dispose();
            if (_temporary is not null)
            {
                File.Move(_temporary, _path, overwrite: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InTermsOfThePath(e);
        }
    }

    /// <summary>Nothing published: nothing stays.</summary>
    public void Dispose()
    {
        try
        {
            _stream.Dispose();
            if (_temporary is not null)
            {
                File.Delete(_temporary);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk was told by Publish; a folder that is gone took the file with it.
        }
    }

    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);

    private static string Absolute(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (FileNotFoundException e)
        {
            throw new IOException("the current directory is gone; give an absolute path", e);
        }
    }

    private static string FollowLinks(string path)
    {
        // Not beyond /dev and /proc: /dev/stdout is a link in the end to a name like pipe:[4711].
        for (var links = 0; !IsDevice(path) && new FileInfo(path).LinkTarget is { } target; links++)
        {
            if (links == MostLinks)
            {
                throw new IOException("too many symbolic links");
            }

            path = Path.GetFullPath(target, Path.GetDirectoryName(path) ?? "/");
        }

        return path;
    }

    /// <summary>The user knows the file by its own name only.</summary>
    private IOException InTermsOfThePath(Exception e) =>
        new(
            _temporary is null ? IoTrouble.Of(e) : IoTrouble.Of(e).Replace(_temporary, _path, StringComparison.Ordinal),
            e
        );
}
