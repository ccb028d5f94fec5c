using System.Globalization;
using System.Text;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Namespaces, new and joined, host name, clocks.</summary>
/// <remarks>
/// A joined user namespace comes first: the right to enter or make others may come from it. What is written through
/// /proc/self comes before a joined mount namespace, which may have another /proc or none.
/// </remarks>
internal static class NamespaceSteps
{
    internal static void Add(ProgramBuilder program, IsolationOptions isolation, StageNumbers numbers)
    {
        var joined = isolation.Joined.Select((j, i) => (j.Kinds, Number: numbers.Joined(i))).ToList();
        foreach (var (kinds, number) in joined.Where(j => j.Kinds.HasFlag(Namespaces.User)))
        {
            AddJoin(program, kinds, number);
        }

        foreach (var kind in NamespaceNames.In(isolation.New & ~isolation.AtBirth))
        {
            var flag = NamespaceNames.Flags(kind);
            program.Add(Syscall.unshare, "unshare", flag, "", Operand.Named((int)kind, flag));
        }

        if (isolation.New.HasFlag(Namespaces.Mount))
        {
            // A copy still belongs to its original's peer group: what is mounted in it would be mounted outside too.
            program.Add(
                Syscall.mount,
                "mount",
                "/",
                "nothing propagates back",
                program.Data.String("none"),
                program.Data.String("/"),
                Operand.Null,
                Operand.Named(Mount.MS_REC | Mount.MS_PRIVATE, "MS_REC|MS_PRIVATE"),
                Operand.Null
            );
        }

        if (isolation.New.HasFlag(Namespaces.Time))
        {
            AddClocks(program, isolation);
        }

        if (isolation.HostName is { } name)
        {
            program.Add(
                Syscall.sethostname,
                "host name",
                name,
                "",
                program.Data.String(name),
                Encoding.UTF8.GetByteCount(name)
            );
        }

        foreach (var (kinds, number) in joined.Where(j => !j.Kinds.HasFlag(Namespaces.User)))
        {
            AddJoin(program, kinds, number);
        }
    }

    /// <summary>Opens a file of the kernel's, writes a word, and closes it.</summary>
    internal static void AddWrite(ProgramBuilder program, string name, string path, string text)
    {
        var file = program.Add(
            Syscall.openat,
            name,
            path,
            "",
            Operand.Named(Fcntl.AT_FDCWD, "AT_FDCWD"),
            program.Data.String(path),
            Operand.Named(Fcntl.O_WRONLY | Fcntl.O_CLOEXEC, "O_WRONLY|O_CLOEXEC")
        );
        program.Add(
            Syscall.write,
            name,
            text.TrimEnd('\n').Replace('\n', ','),
            "",
            program.ResultOf(file),
            program.Data.String(text),
            text.Length
        );
        program.Add(Syscall.close, "close", path, "", program.ResultOf(file));
    }

    private static void AddJoin(ProgramBuilder program, Namespaces kinds, int number)
    {
        var flags = NamespaceNames.Flags(kinds);
        var subject = kinds == Namespaces.None ? "a namespace" : flags;
        program.Add(Syscall.setns, "setns", subject, "", number, Operand.Named((int)kinds, flags));
        program.Add(Syscall.close, "close", $"descriptor {number}", "not for the program", number);
    }

    // unshare puts only later children into it, and exec the caller from kernel 6.1 on (fs/exec.c, exec_task_namespaces).
    // setns through time_for_children does it on all kernels that have time namespaces (5.6), now that the memory is the
    // stage's own: in shared memory it is EUSERS. The offsets are frozen once somebody is in.
    private static void AddClocks(ProgramBuilder program, IsolationOptions isolation)
    {
        var text = Offset("monotonic", isolation.MonotonicOffset) + Offset("boottime", isolation.BootTimeOffset);
        if (text.Length > 0)
        {
            AddWrite(program, "clock offsets", "/proc/self/timens_offsets", text);
        }

        const string Path = "/proc/self/ns/time_for_children";
        var file = program.Add(
            Syscall.openat,
            "open",
            Path,
            "",
            Operand.Named(Fcntl.AT_FDCWD, "AT_FDCWD"),
            program.Data.String(Path),
            Operand.Named(Fcntl.O_RDONLY | Fcntl.O_CLOEXEC, "O_RDONLY|O_CLOEXEC")
        );
        program.Add(
            Syscall.setns,
            "setns",
            "CLONE_NEWTIME",
            "unshare puts only later children into it",
            program.ResultOf(file),
            Operand.Named((int)Namespaces.Time, "CLONE_NEWTIME")
        );
        program.Add(Syscall.close, "close", Path, "", program.ResultOf(file));
    }

    // timens_offsets(5 in time_namespaces(7)): seconds, which may be negative, and nanoseconds, which may not.
    private static string Offset(string clock, TimeSpan? offset)
    {
        if (offset is not { } value)
        {
            return "";
        }

        var seconds = (long)Math.Floor((decimal)value.Ticks / TimeSpan.TicksPerSecond);
        var nanoseconds = (value.Ticks - (seconds * TimeSpan.TicksPerSecond)) * 100;
        return string.Create(CultureInfo.InvariantCulture, $"{clock} {seconds} {nanoseconds}\n");
    }
}
