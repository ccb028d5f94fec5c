using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>Looks at a process that need not be a child of this one. proc_pid_stat(5).</summary>
internal static class OtherProcess
{
    /// <summary>x64's numbers, as /proc/PID/syscall shows them.</summary>
    public const int OpenAt = 257;
    public const int ClockNanosleep = 230;
    public const int Futex = 202;

    /// <summary>Gone, or dead and not reaped by whoever inherited it.</summary>
    public static bool HasEnded(int id) => Stat(id) is not { } stat || stat[0] is "Z" or "X";

    /// <summary>As /proc/PID/comm has it: the program it has exec'd, in 15 bytes.</summary>
    public static bool IsCalled(int id, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/comm") == name + "\n";
        }
        catch (IOException)
        {
            return false;
        }
    }

    public static bool IsIn(int id, int call)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/syscall").StartsWith($"{call} ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static IReadOnlyList<int> ChildrenOf(int parent) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(d =>
                    int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                        ? id
                        : 0
                )
                .Where(id =>
                    id > 0 && Stat(id) is { } stat && stat[1] == parent.ToString(CultureInfo.InvariantCulture)
                ),
        ];

    /// <summary>Number and target of everything it has open.</summary>
    public static SortedDictionary<int, string> Descriptors(int id)
    {
        var found = new SortedDictionary<int, string>();
        foreach (var path in Directory.GetFiles($"/proc/{id}/fd"))
        {
            if (new FileInfo(path).LinkTarget is { } target)
            {
                found.Add(int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), target);
            }
        }

        return found;
    }

    /// <summary>Whether a descriptor of this process is closed at exec; proc_pid_fdinfo(5).</summary>
    public static bool IsCloseOnExec(int number)
    {
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{number}")
                .Single(l => l.StartsWith("flags:", StringComparison.Ordinal));
            return (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & 0x80000) != 0;
        }
        catch (IOException)
        {
            return true; // The one that listed them; closed by now.
        }
    }

    /// <summary>
    /// It is a child of ours that is no program yet. Not so an orphan that another test left and process 1 inherited.
    /// </summary>
    public static bool IsOurProgram(int id) => Program(id) is { } program && program == Program(Environment.ProcessId);

    /// <summary>The one new child of this process that sits in the call.</summary>
    /// <param name="call">Its number.</param>
    /// <param name="before">Who is not new.</param>
    /// <param name="name">What its name begins with.</param>
    public static int NewChildIn(int call, IEnumerable<ChildEntry> before, string name = "")
    {
        var known = before.Select(c => c.Id).ToHashSet();
        var found = 0;
        Waiting.For(
            () =>
                (
                    found = ChildEntry
                        .ListOwn()
                        .Where(c => !known.Contains(c.Id) && c.Name.StartsWith(name, StringComparison.Ordinal))
                        .Select(c => c.Id)
                        .FirstOrDefault(id => IsIn(id, call))
                ) != 0,
            $"a child in system call {call}"
        );
        return found;
    }

    // A zombie has none.
    private static string? Program(int id)
    {
        try
        {
            return new FileInfo($"/proc/{id}/exe").LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
