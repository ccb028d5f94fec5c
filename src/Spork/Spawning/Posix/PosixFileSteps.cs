using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>File actions, one after the other, each with the exact calls and tolerances of glibc's.</summary>
internal static class PosixFileSteps
{
    /// <param name="program">Of either stage.</param>
    /// <param name="request">Whose actions.</param>
    /// <param name="stagePipe">A descriptor that closefrom spares; -1 for none. It is close-on-exec.</param>
    internal static void Add(ProgramBuilder program, PosixRequest request, int stagePipe = -1)
    {
        for (var i = 0; i < request.Actions.Length; i++)
        {
            var action = request.Actions[i];
            switch (action.Kind)
            {
                case FileActionKind.Open:
                    AddOpen(program, action);
                    break;
                case FileActionKind.Close:
                    AddClose(program, action.Number, "");
                    break;
                case FileActionKind.Dup2:
                    AddDup2(program, action);
                    break;
                case FileActionKind.ChDir:
                    program.Add(Syscall.chdir, "chdir", action.Path.ToString(), "", Text(program, action.Path));
                    break;
                case FileActionKind.FChDir:
                    program.Add(Syscall.fchdir, "fchdir", Descriptor(action.Number), "", action.Number);
                    break;
                case FileActionKind.CloseFrom:
                    AddCloseFrom(program, request.Actions.AsSpan(0, i), action.Number, stagePipe);
                    break;
                default:
                    AddForegroundGroup(program, action.Number, request.Attributes);
                    break;
            }
        }
    }

    internal static Operand Text(ProgramBuilder program, ByteString value) =>
        Operand.Pointer(AddBytes(program.Data, value), Quote.ForListing(value.ToString()));

    internal static int AddBytes(ProgramData data, ByteString value) => data.AddBytes([.. value.Span, 0]);

    // POSIX: what is open there is closed first, so that a file that can be open only once (/dev/watchdog) can be opened
    // again, and a full table has room for one. Then open takes the lowest number, which may be the wanted one: only
    // then an O_CLOEXEC among the flags stays, as in glibc.
    private static void AddOpen(ProgramBuilder program, FileAction action)
    {
        var path = action.Path.ToString();
        AddClose(program, action.Number, "make room");
        var operands = OpenOperands.Of(Text(program, action.Path), action.Flags, action.Mode);
        var opened = program.Add(Syscall.openat, "open", path, $"for descriptor {action.Number}", operands);
        var landed = program.NewLabel();
        program.Add(Syscall.dup3, "dup3", $"{path} to {action.Number}", "", program.ResultOf(opened), action.Number, 0);
        // EINVAL: the two are the same number, so it is where it belongs.
        program.On(Errno.EINVAL.Value, landed);
        program.Add(Syscall.close, "close", path, "", program.ResultOf(opened));
        program.Mark(landed);
    }

    // POSIX: closing what is not open is no error. A number that could never be open was refused before.
    private static void AddClose(ProgramBuilder program, int number, string note)
    {
        program.Add(Syscall.close, "close", Descriptor(number), note, number);
        var next = program.NewLabel();
        program.On(0, next);
        program.Mark(next);
    }

    private static void AddDup2(ProgramBuilder program, FileAction action)
    {
        var (from, to) = (action.Source, action.Number);
        if (from != to)
        {
            program.Add(Syscall.dup3, "dup2", $"{from} to {to}", "", from, to, 0);
            return;
        }

        program.Add(
            Syscall.fcntl,
            "dup2",
            $"{from} to {to}",
            "clear close-on-exec",
            from,
            Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
            0
        );
    }

    private static void AddCloseFrom(ProgramBuilder program, ReadOnlySpan<FileAction> before, int lowest, int stagePipe)
    {
        if (SpawnLadder.CloseRange)
        {
            if (stagePipe > lowest)
            {
                AddCloseRange(program, lowest, lowest, (uint)stagePipe - 1);
            }

            AddCloseRange(program, lowest, Math.Max(lowest, stagePipe + 1), uint.MaxValue);
            return;
        }

        var numbers = new SortedSet<int>(OpenDescriptors.Numbers());
        foreach (var action in before)
        {
            numbers.Add(action.Number);
        }

        foreach (var number in numbers.Where(n => n >= lowest))
        {
            AddClose(program, number, "close_range is refused here");
        }
    }

    private static void AddCloseRange(ProgramBuilder program, int lowest, int first, uint last) =>
        program.Add(
            Syscall.close_range,
            "closefrom",
            $"descriptors from {lowest}",
            last == uint.MaxValue ? "" : "the second stage's pipe closes itself, with exec",
            first,
            last,
            0
        );

    // All signals are blocked, so SIGTTOU does not stop a child in a background group.
    private static void AddForegroundGroup(ProgramBuilder program, int terminal, SpawnAttributes attributes)
    {
        Operand group;
        if (attributes.Has(SpawnFlags.SetPGroup) && attributes.ProcessGroup != 0)
        {
            group = program.Data.Struct(attributes.ProcessGroup, $"[{attributes.ProcessGroup}]");
        }
        else
        {
            var own = program.Add(Syscall.getpgid, "tcsetpgrp", Descriptor(terminal), "the child's own group", 0);
            group = program.AddressOfResult(own);
        }

        program.Add(
            Syscall.ioctl,
            "tcsetpgrp",
            Descriptor(terminal),
            "",
            terminal,
            Operand.Named(ForegroundGroup.TIOCSPGRP, "TIOCSPGRP"),
            group
        );
    }

    private static string Descriptor(int number) => $"descriptor {number}";
}
