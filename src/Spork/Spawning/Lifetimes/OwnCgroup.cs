using System.Collections.Concurrent;
using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A cgroup (v2) made for one child, below the one that this process is in: whatever the child starts is born in it and
/// cannot leave it without write access to another. See cgroups(7).
/// </summary>
/// <remarks>
/// It is removed when the child has ended, if nobody is left in it; else when a stop has ended the rest, when the next
/// one is made, or when this process exits. A process that outlives all that leaves an empty directory behind.
/// <see cref="CgroupFiles"/> has what it keeps open, so that it can be killed when no descriptor is to be had.
/// </remarks>
internal sealed class OwnCgroup
{
    private const int Permissions = 0x1ED; // 0755
    private const int FrozenPatience = 2000;

    private static readonly ConcurrentDictionary<OwnCgroup, bool> Remaining = [];
    private static int s_count;
    private static int s_atExit;

    private readonly CgroupFiles _files;

    private OwnCgroup(string path, CgroupFiles files)
    {
        Path = path;
        _files = files;
    }

    internal string Path { get; }

    /// <summary>Its child has ended, or never was: from now on it is removed as soon as it is empty.</summary>
    internal bool IsOver { get; set; }

    /// <exception cref="SystemCallException">There is no cgroup v2, or nothing may be made in it.</exception>
    internal static unsafe OwnCgroup Create()
    {
        RemoveRemaining();
        var parent = Parent();
        var name = $"spork-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}-{Guid.NewGuid():N}";
        var path = $"{parent.TrimEnd('/')}/{name}";
        fixed (byte* bytes = CString(path))
        {
            var result = Sys.CallRestarting(Syscall.mkdirat, Fcntl.AT_FDCWD, (nint)bytes, Permissions);
            if (result < 0)
            {
                throw new SystemCallException("mkdir", path, Sys.ErrnoOf(result));
            }
        }

        CgroupFiles files;
        try
        {
            files = CgroupFiles.Open(path);
        }
        catch (SystemCallException)
        {
            Remove(path);
            throw;
        }

        if (Interlocked.Exchange(ref s_atExit, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => RemoveRemaining();
        }

        var cgroup = new OwnCgroup(path, files);
        Remaining[cgroup] = true;
        return cgroup;
    }

    /// <summary>Everybody in it and below it, as numbers. Below it, that takes a descriptor.</summary>
    /// <exception cref="SystemCallException">EMFILE, ENFILE, ENOMEM and so on: it could not be looked.</exception>
    internal List<int> Processes() => _files.Processes();

    /// <summary>Nobody runs in it or below it, or it was removed. Zombies do not count. Takes no descriptor.</summary>
    internal bool IsEmpty() => _files.Events() is not { } events || events.Contains("populated 0");

    /// <summary>SIGKILL to everybody in it, forks under way included; false before kernel 5.14.</summary>
    internal bool TryKill() => _files.TryKill();

    /// <summary>
    /// Nobody in it runs any more, but for SIGKILL; kernel 5.2. Waits until it is so. False if it does not become so:
    /// then nobody is frozen.
    /// </summary>
    internal async Task<bool> TryFreezeAsync(Pause pause)
    {
        if (!_files.TryFreeze(true))
        {
            return false;
        }

        var frozen = false;
        try
        {
            var deadline = Environment.TickCount64 + FrozenPatience;
            while (!(frozen = _files.Events()?.Contains("frozen 1") ?? true) && Environment.TickCount64 <= deadline)
            {
                await pause.TakeAsync().ConfigureAwait(false);
            }

            return frozen;
        }
        finally
        {
            if (!frozen)
            {
                Thaw();
            }
        }
    }

    internal void Thaw() => _files.TryFreeze(false);

    /// <summary>Whether a start failed because no process may be born in it: then one without it may do.</summary>
    internal static bool IsRefusal(SpawnException e) =>
        e.StepIndex == 0
        && (e.Errno == Errno.EACCES || e.Errno == Errno.EBUSY || e.Errno == Errno.EOPNOTSUPP || e.Errno == Errno.EBADF);

    /// <summary>Nobody was born in it.</summary>
    internal void Abandon()
    {
        IsOver = true;
        TryRemove();
    }

    /// <summary>Its child has ended. Removed on a pool thread: the reactor, which calls this, serves everybody.</summary>
    internal void OnChildEnded()
    {
        IsOver = true;
        ThreadPool.UnsafeQueueUserWorkItem(static cgroup => cgroup.TryRemove(), this, preferLocal: false);
    }

    /// <summary>Removes it and what was made below it; false if somebody is still in it.</summary>
    internal bool TryRemove()
    {
        if (!Remove(Path) && !RemoveBelow())
        {
            return false;
        }

        Remaining.TryRemove(this, out _);
        _files.Dispose();
        return true;
    }

    // With what was made in it. Whatever keeps us from looking: it stays among the remaining, and is tried again.
    private bool RemoveBelow()
    {
        try
        {
            return _files.Below().AsEnumerable().Reverse().All(Remove) && Remove(Path);
        }
        catch (SystemCallException)
        {
            return false;
        }
    }

    private static unsafe bool Remove(string directory)
    {
        fixed (byte* bytes = CString(directory))
        {
            var result = Sys.CallRestarting(Syscall.unlinkat, Fcntl.AT_FDCWD, (nint)bytes, Fcntl.AT_REMOVEDIR);
            return result >= 0 || result == -Errno.ENOENT.Value;
        }
    }

    private static void RemoveRemaining()
    {
        foreach (var cgroup in Remaining.Keys)
        {
            // Only what has no child any more: one that is just being started has nobody in it yet.
            if (cgroup.IsOver)
            {
                cgroup.TryRemove();
            }
        }
    }

    // Where this process is. On a hybrid machine, in the v2 hierarchy beside the others.
    private static string Parent()
    {
        var mount = CgroupMount.Find();
        var line = OwnLines().FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal));
        if (mount is null || line is null || line.StartsWith("0::/..", StringComparison.Ordinal))
        {
            throw new SystemCallException(
                "mkdir",
                "a cgroup (v2): none is mounted that this process is in",
                Errno.ENOENT
            );
        }

        return mount.TrimEnd('/') + line["0::".Length..];
    }

    private static string[] OwnLines()
    {
        using var file = KernelFile.Open("/proc/self/cgroup", Fcntl.O_RDONLY);
        return KernelFile.Read(file, "/proc/self/cgroup").Split('\n');
    }

    private static byte[] CString(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
