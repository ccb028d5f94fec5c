using System.Globalization;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// The files of a cgroup made for one child, open from its making to its removal: a stop that comes when no descriptor is
/// left kills, thaws and waits with those. Only ENOENT and ENODEV mean that it is gone; anything else is said. Thread safe.
/// </summary>
internal sealed class CgroupFiles : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly List<Descriptor> _open = [];
    private readonly Descriptor _directory;
    private readonly Descriptor _processes;
    private readonly Descriptor _events;
    private readonly Descriptor? _kill; // kernel 5.14
    private readonly Descriptor? _freeze; // kernel 5.2
    private bool _closed;

    private CgroupFiles(string path)
    {
        _path = path;
        try
        {
            _directory = Opened("", Fcntl.O_RDONLY | Fcntl.O_DIRECTORY)!;
            _processes = Opened("/cgroup.procs", Fcntl.O_RDONLY)!;
            _events = Opened("/cgroup.events", Fcntl.O_RDONLY)!;
            _kill = Opened("/cgroup.kill", Fcntl.O_WRONLY, mayLack: true);
            _freeze = Opened("/cgroup.freeze", Fcntl.O_WRONLY, mayLack: true);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="SystemCallException">One of them cannot be opened; then none is.</exception>
    internal static CgroupFiles Open(string path) => new(path);

    /// <summary>Everybody in it and below it.</summary>
    /// <exception cref="SystemCallException">It could not be looked.</exception>
    internal List<int> Processes()
    {
        var found = new List<int>();
        Add(found, IfThere(() => KernelFile.Read(_processes, $"{_path}/cgroup.procs")));
        foreach (var directory in Below())
        {
            Add(
                found,
                IfThere(() =>
                {
                    var path = $"{directory}/cgroup.procs";
                    using var file = KernelFile.Open(path, Fcntl.O_RDONLY);
                    return KernelFile.Read(file, path);
                })
            );
        }

        return found;
    }

    /// <summary>What was made below it, outer ones first.</summary>
    /// <exception cref="SystemCallException">It could not be looked.</exception>
    internal List<string> Below()
    {
        var found =
            IfThere(() =>
            {
                using var reader = DirectoryReader.Again(_directory, _path);
                return Directories(reader, _path);
            }) ?? [];
        for (var i = 0; i < found.Count; i++)
        {
            var path = found[i];
            found.AddRange(
                IfThere(() =>
                {
                    using var reader = DirectoryReader.Open(path);
                    return Directories(reader, path);
                }) ?? []
            );
        }

        return found;
    }

    /// <summary>The text of cgroup.events; null if it was removed.</summary>
    internal string? Events() => IfThere(() => KernelFile.Read(_events, $"{_path}/cgroup.events"));

    /// <summary>False if the kernel has no such switch, or it refuses. A cgroup that was removed is killed.</summary>
    internal bool TryKill() => TryWrite(_kill, (byte)'1');

    /// <inheritdoc cref="TryKill"/>
    internal bool TryFreeze(bool freeze) => TryWrite(_freeze, freeze ? (byte)'1' : (byte)'0');

    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _open.ForEach(descriptor => descriptor.Dispose());
        }
    }

    private static void Add(List<int> numbers, string? lines)
    {
        foreach (var line in (lines ?? "").Split('\n'))
        {
            // 0: a process that this pid namespace does not see.
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != 0)
            {
                numbers.Add(number);
            }
        }
    }

    private static List<string> Directories(DirectoryReader reader, string path)
    {
        var found = new List<string>();
        while (reader.Next() is { } name)
        {
            if (reader.IsDirectory && name is not ("." or ".."))
            {
                found.Add($"{path}/{name}");
            }
        }

        return found;
    }

    // One reader at a time, and none while they are closed: the numbers may be others' at once.
    private T? IfThere<T>(Func<T> read)
        where T : class
    {
        lock (_lock)
        {
            try
            {
                return _closed ? null : read();
            }
            catch (SystemCallException e) when (e.Errno == Errno.ENOENT || e.Errno == Errno.ENODEV)
            {
                return null;
            }
            catch (SystemCallException e) when (e.Errno == Errno.EOPNOTSUPP)
            {
                // A threaded cgroup, made below ours: its processes are listed in the domain above.
                return null;
            }
        }
    }

    private bool TryWrite(Descriptor? file, byte digit)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return true;
            }

            var errno = file is null ? Errno.ENOENT : KernelFile.Write(file, digit);
            return errno == default || errno == Errno.ENODEV;
        }
    }

    private Descriptor? Opened(string name, int flags, bool mayLack = false)
    {
        if (KernelFile.TryOpen(_path + name, flags, out var errno) is { } file)
        {
            _open.Add(file);
            return file;
        }

        return mayLack && errno == Errno.ENOENT ? null : throw new SystemCallException("openat", _path + name, errno);
    }
}
