using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// Who a process belongs to, from /proc/PID/stat; proc_pid_stat(5). Read with three plain calls: a scan looks at every
/// process of the machine, and a FileStream costs ten times as much.
/// </summary>
internal readonly unsafe record struct ProcStat(char State, int Parent, int Group, int Session)
{
    private const int Enough = 512;

    /// <summary>False if there is no such process, or nobody lets us look at it (hidepid).</summary>
    /// <exception cref="SystemCallException">EMFILE, ENFILE, ENOMEM: it could not be looked.</exception>
    internal static bool TryRead(int number, out ProcStat stat)
    {
        Span<byte> path = stackalloc byte[Enough];
        "/proc/"u8.CopyTo(path);
        Utf8Formatter.TryFormat(number, path[6..], out var digits);
        "/stat\0"u8.CopyTo(path[(6 + digits)..]);
        return TryRead(path, number, out stat);
    }

    /// <summary>The numbers of all processes.</summary>
    /// <exception cref="SystemCallException">
    /// There is no /proc of this pid namespace (ENOENT); or it could not be looked (EMFILE, ENFILE, ENOMEM).
    /// </exception>
    internal static IEnumerable<int> Numbers()
    {
        if (!OwnProc.IsMounted())
        {
            throw new SystemCallException("readlink", "/proc/self, to find a tree's processes", Errno.ENOENT);
        }

        // Not Directory.EnumerateDirectories: that says nothing of EMFILE but an IOException with a text.
        using var directory = DirectoryReader.Open("/proc");
        while (directory.Next() is { } name)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                yield return number;
            }
        }
    }

    /// <summary>
    /// Whether none of its threads can be in the middle of a fork: each is stopped, dead, or in an uninterruptible sleep
    /// (the parent of a vfork, until its child has executed).
    /// </summary>
    /// <exception cref="SystemCallException">EMFILE, ENFILE, ENOMEM: it could not be looked.</exception>
    internal static bool IsStill(int number)
    {
        try
        {
            using var tasks = DirectoryReader.Open($"/proc/{number}/task");
            while (tasks.Next() is { } name)
            {
                if (
                    name[0] != '.'
                    && TryRead(Encoding.UTF8.GetBytes($"/proc/{number}/task/{name}/stat\0"), number, out var stat)
                    && !"TtDZX".Contains(stat.State)
                )
                {
                    return false;
                }
            }
        }
        catch (SystemCallException e) when (!IsShortage(e.Errno))
        {
            // Ended while we looked.
        }

        return true;
    }

    // The name stands in parentheses and may hold any byte, parentheses too: what counts is behind the last one.
    internal static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        var end = line.LastIndexOf((byte)')');
        if (end < 0 || line.Length < end + 4)
        {
            return false;
        }

        var rest = line[(end + 2)..];
        var state = (char)rest[0];
        rest = rest[2..];
        if (!Next(ref rest, out var parent) || !Next(ref rest, out var group) || !Next(ref rest, out var session))
        {
            return false;
        }

        stat = new ProcStat(state, parent, group, session);
        return true;
    }

    private static bool TryRead(ReadOnlySpan<byte> path, int number, out ProcStat stat)
    {
        nint file;
        fixed (byte* bytes = path)
        {
            file = Sys.CallRestarting(Syscall.openat, Fcntl.AT_FDCWD, (nint)bytes, Fcntl.O_RDONLY | Fcntl.O_CLOEXEC);
        }

        if (file < 0)
        {
            // EMFILE must not look like "no such process": the tree would seem to be gone.
            var errno = Sys.ErrnoOf(file);
            stat = default;
            return IsShortage(errno) ? throw new SystemCallException("openat", $"/proc/{number}/stat", errno) : false;
        }

        var buffer = stackalloc byte[Enough];
        var length = Sys.CallRestarting(Syscall.read, file, (nint)buffer, Enough);
        Sys.Call(Syscall.close, file);
        return TryParse(new ReadOnlySpan<byte>(buffer, (int)Math.Max(length, 0)), out stat);
    }

    private static bool IsShortage(Errno errno) =>
        errno == Errno.EMFILE || errno == Errno.ENFILE || errno == Errno.ENOMEM;

    private static bool Next(ref ReadOnlySpan<byte> rest, out int value)
    {
        if (!Utf8Parser.TryParse(rest, out value, out var used))
        {
            return false;
        }

        rest = rest[Math.Min(used + 1, rest.Length)..];
        return true;
    }
}
