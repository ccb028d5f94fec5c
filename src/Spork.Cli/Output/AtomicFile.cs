namespace Spork.Cli.Output;

/// <summary>
/// A file that appears whole or not at all: written beside its place and renamed onto it. It is created before the
/// work starts, so that a report nobody can write stops the run before it has begun, not after.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string? _temporary;
    private readonly FileStream _stream;

    private AtomicFile(string path)
    {
        _path = Path.GetFullPath(path);
        if (Directory.Exists(_path))
        {
            throw new IOException($"\"{path}\" is a directory");
        }

        // Renaming onto /dev/stderr or /proc/self/fd/3 would replace the device's name; those are written directly.
        if (_path.StartsWith("/dev/", StringComparison.Ordinal) || _path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            _stream = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            return;
        }

        var name = $".{Path.GetFileName(_path)}.{Environment.ProcessId}.tmp";
        _temporary = Path.Combine(Path.GetDirectoryName(_path) ?? "/", name);
        _stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write);
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
            throw new UsageException($"{option} {path}: cannot be written: {e.Message}", e);
        }
    }

    public void Publish(ReadOnlySpan<byte> content)
    {
        _stream.Write(content);
        _stream.Dispose();
        if (_temporary is not null)
        {
            File.Move(_temporary, _path, overwrite: true);
        }
    }

    /// <summary>Nothing published: nothing stays.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }
}
