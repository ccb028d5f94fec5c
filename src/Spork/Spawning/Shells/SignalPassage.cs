using System.Globalization;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// Whether the signals that had been sent to this process when the first look began have all come to whoever is
/// registered for them with .NET. Only looks; one object for one question, one thread at a time.
/// </summary>
/// <remarks>
/// <para>
/// The way of such a signal: pending for the process; taken off by some thread, in the kernel; that thread's handler,
/// which writes a byte to a pipe; .NET's signal thread, which reads it and looks up who is registered then; a new thread
/// for those. No second signal can tell that a first has passed: each that is pending is put on the same stack before
/// one instruction of a handler runs, so the last taken off is handled first, and a thread may lose its processor at any
/// place. So each stage is looked at, in the direction of travel, and whatever has left one is found in a later one:
/// </para>
/// <list type="number">
/// <item>
/// Nothing pends for the process (ShdPnd): whatever had been sent was taken off, by a thread that is listed next or has
/// ended.
/// </item>
/// <item>
/// Each thread that is listed then has been seen asleep in a system call (S). On the way from taking a signal off to the
/// end of .NET's handler, there is no such sleep: what waits there (for a page, for the pipe's lock) is D. So if it had
/// one, its byte is written. One that never sleeps has used its processor since, for far longer than the way takes; its
/// own time counts, and not the clock's, in which it may not have run at all. The thread that looks is running managed
/// code, which is not below a handler.
/// </item>
/// <item>
/// .NET's signal thread is asleep in read(2), and was so before and after (it has not been switched to in between). The
/// pipe is empty then: the last byte has been looked up.
/// </item>
/// </list>
/// <para>
/// A thread that stops (T) or waits for a disk (D) with a signal in its hands is waited for. Not seen: a handler of
/// somebody else that falls asleep on top of .NET's.
/// </para>
/// </remarks>
internal sealed class SignalPassage
{
    // As System.Native names it; it fits exactly.
    private const string SignalThread = ".NET SigHandler";

    // Of processor time, in clock ticks (10 ms). Of two times that are rounded down, so that 3 are the least that prove a
    // whole one; the rest is for a guest whose host counts its own time as the guest's.
    private const long Enough = 10;

    private const int Lists = 8;

    private readonly ulong _signals;
    private readonly string _process;
    private readonly string _looking;

    // Threads that may have a signal in their hands, and the time they had used when they were listed.
    private Dictionary<string, long>? _suspects;
    private readonly HashSet<string> _signalThreads = new(StringComparer.Ordinal);

    /// <param name="signals">Those that are asked for.</param>
    /// <param name="process">Where proc_pid(5) speaks of this process.</param>
    /// <param name="looking">Link to what speaks of the thread that looks.</param>
    internal SignalPassage(ulong signals, string process = "/proc/self", string looking = "/proc/thread-self")
    {
        _signals = signals;
        _process = process;
        _looking = looking;
    }

    /// <summary>False: not yet, as far as can be told. Null: it cannot be told here.</summary>
    internal bool? IsOver()
    {
        try
        {
            if (_suspects is null && IsPending())
            {
                return false;
            }

            _suspects ??= List();
            if (_suspects is null)
            {
                return false;
            }

            // Each look may be another thread's, and one of the pool is seldom seen asleep while there is work.
            _suspects.Remove(Path.GetFileName(new FileInfo(_looking).LinkTarget) ?? "");
            foreach (var (thread, used) in _suspects)
            {
                if (Look(thread) is not { } now || now.IsSafe || now.Used < used || now.Used - used >= Enough)
                {
                    _suspects.Remove(thread);
                }
            }

            return _suspects.Count > 0 ? false
                : _signalThreads.Count == 0 ? null
                : _signalThreads.All(IsWaitingForSignals);
        }
        catch (SystemCallException e)
        {
            // No descriptor, no memory: perhaps at the next look. No /proc, or not for us to read: never.
            return e.Errno == Errno.EMFILE || e.Errno == Errno.ENFILE || e.Errno == Errno.ENOMEM ? false : null;
        }
    }

    private bool IsPending()
    {
        var pending = Value(Read($"{_process}/status"), "\nShdPnd:");
        return (ulong.Parse(pending, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & _signals) != 0;
    }

    // Null if threads end all the time: one that ends while the kernel lists them hides another, so all that one list has
    // must be in the next one.
    private Dictionary<string, long>? List()
    {
        var names = Names();
        for (var i = 0; i < Lists; i++)
        {
            var next = Names();
            if (names.IsSubsetOf(next))
            {
                var suspects = new Dictionary<string, long>(StringComparer.Ordinal);
                foreach (var thread in names)
                {
                    if (Look(thread) is { } now && !now.IsSafe)
                    {
                        suspects.Add(thread, now.Used);
                    }
                }

                return suspects;
            }

            names = next;
        }

        return null;
    }

    private HashSet<string> Names()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var threads = DirectoryReader.Open($"{_process}/task");
        while (threads.Next() is { } thread)
        {
            if (thread[0] != '.')
            {
                names.Add(thread);
            }
        }

        return names;
    }

    // Null if it has ended: not before it had handled what it took off.
    private (bool IsSafe, long Used)? Look(string thread)
    {
        string stat;
        try
        {
            stat = Read($"{_process}/task/{thread}/stat");
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT || e.Errno == Errno.ESRCH)
        {
            return null;
        }

        // proc_pid_stat(5): the name, in parentheses, may hold any byte; state is field 3, times are fields 14 and 15.
        var (start, end) = (stat.IndexOf('(', StringComparison.Ordinal) + 1, stat.LastIndexOf(')'));
        var fields = stat[(end + 1)..].Split(' ');
        if (start == 0 || end < start || fields.Length < 14)
        {
            throw Unknown("stat");
        }

        // Looked for every time: it names itself, and may not have run before. A library of NativeAOT has one of its own.
        if (stat[start..end] == SignalThread)
        {
            _signalThreads.Add(thread);
        }

        return (fields[1] is "S" or "Z" or "X", Number(fields[12]) + Number(fields[13]));
    }

    private bool IsWaitingForSignals(string thread)
    {
        var file = $"{_process}/task/{thread}/status";
        var before = Sleep(Read(file));
        return before is not null && IsReading(thread) && Sleep(Read(file)) == before;
    }

    // A process that gave up root may not see its own threads' calls, but where they wait.
    private bool IsReading(string thread)
    {
        try
        {
            return Read($"{_process}/task/{thread}/syscall")
                .StartsWith($"{(int)Syscall.read} ", StringComparison.Ordinal);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EACCES || e.Errno == Errno.EPERM)
        {
            return Read($"{_process}/task/{thread}/wchan").EndsWith("pipe_read", StringComparison.Ordinal);
        }
    }

    // Null if it does not sleep; equal only if it is the same sleep.
    private static (string Yielded, string Preempted)? Sleep(string status) =>
        Value(status, "\nState:")[0] == 'S'
            ? (Value(status, "\nvoluntary_ctxt_switches:"), Value(status, "\nnonvoluntary_ctxt_switches:"))
            : null;

    private static string Value(string status, string key)
    {
        var start = status.IndexOf(key, StringComparison.Ordinal);
        var end = status.IndexOf('\n', Math.Max(start, 0) + 1);
        return start < 0 || end < 0 ? throw Unknown(key) : status[(start + key.Length)..end].Trim();
    }

    // Another kernel's /proc.
    private static SystemCallException Unknown(string what) => new("read", $"/proc, for {what}", Errno.ENODATA);

    private static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    private static string Read(string path)
    {
        using var file = KernelFile.Open(path, Fcntl.O_RDONLY);
        return KernelFile.Read(file, path);
    }
}
