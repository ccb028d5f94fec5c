using System.Collections.Concurrent;
using System.Globalization;
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
/// </remarks>
internal sealed unsafe class OwnCgroup
{
    private const int Permissions = 0x1ED; // 0755
    private const int FrozenPatience = 2000;

    private static readonly ConcurrentDictionary<OwnCgroup, bool> Remaining = [];
    private static int s_count;
    private static int s_atExit;

    private OwnCgroup(string path) => Path = path;

    internal string Path { get; }

    /// <summary>Its child has ended, or never was: from now on it is removed as soon as it is empty.</summary>
    internal bool IsOver { get; set; }

    /// <exception cref="SystemCallException">There is no cgroup v2, or nothing may be made in it.</exception>
    internal static OwnCgroup Create()
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

        if (Interlocked.Exchange(ref s_atExit, 1) == 0)
        {
            AppDomain.CurrentDomain.ProcessExit += static (_, _) => RemoveRemaining();
        }

        var cgroup = new OwnCgroup(path);
        Remaining[cgroup] = true;
        return cgroup;
    }

    /// <summary>Everybody in it and below it, as numbers.</summary>
    internal IEnumerable<int> Processes()
    {
        foreach (var directory in Directories())
        {
            foreach (var line in Lines($"{directory}/cgroup.procs"))
            {
                // 0: a process that this pid namespace does not see.
                if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != 0)
                {
                    yield return number;
                }
            }
        }
    }

    /// <summary>SIGKILL to everybody in it, forks under way included; false before kernel 5.14.</summary>
    internal bool TryKill() => TryWrite("cgroup.kill") is var errno && errno == default;

    /// <summary>
    /// Nobody in it runs any more, but for SIGKILL; kernel 5.2. Waits until it is so. False if it does not become so:
    /// then nobody is frozen.
    /// </summary>
    internal bool TryFreeze()
    {
        if (TryWrite("cgroup.freeze") != default)
        {
            return false;
        }

        var deadline = Environment.TickCount64 + FrozenPatience;
        while (!Lines($"{Path}/cgroup.events").Contains("frozen 1"))
        {
            if (Environment.TickCount64 > deadline)
            {
                Thaw();
                return false;
            }

            Thread.Sleep(1);
        }

        return true;
    }

    internal void Thaw() => TryWrite("cgroup.freeze", (byte)'0');

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
        foreach (var directory in Directories().AsEnumerable().Reverse())
        {
            fixed (byte* bytes = CString(directory))
            {
                var result = Sys.CallRestarting(Syscall.unlinkat, Fcntl.AT_FDCWD, (nint)bytes, Fcntl.AT_REMOVEDIR);
                if (result < 0 && result != -Errno.ENOENT.Value)
                {
                    return false;
                }
            }
        }

        Remaining.TryRemove(this, out _);
        return true;
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
        var line = Lines("/proc/self/cgroup").FirstOrDefault(l => l.StartsWith("0::/", StringComparison.Ordinal));
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

    private List<string> Directories()
    {
        var found = new List<string> { Path };
        for (var i = 0; i < found.Count; i++)
        {
            try
            {
                found.AddRange(Directory.EnumerateDirectories(found[i]));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Removed meanwhile, by whoever made it.
            }
        }

        return found;
    }

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // ENODEV as well: the cgroup was removed while it was read.
            return [];
        }
    }

    private Errno TryWrite(string file, byte digit = (byte)'1')
    {
        fixed (byte* path = CString($"{Path}/{file}"))
        {
            var opened = Sys.CallRestarting(
                Syscall.openat,
                Fcntl.AT_FDCWD,
                (nint)path,
                Fcntl.O_WRONLY | Fcntl.O_CLOEXEC
            );
            if (opened < 0)
            {
                return Sys.ErrnoOf(opened);
            }

            var written = Sys.CallRestarting(Syscall.write, opened, (nint)(&digit), 1);
            Sys.Call(Syscall.close, opened);
            return written == 1 ? default : Sys.ErrnoOf(written);
        }
    }

    private static byte[] CString(string text) => Encoding.UTF8.GetBytes(text + "\0");
}
