using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Gives the child exactly the descriptors that the command names: closes the rest, moves sources to their numbers
/// (<see cref="DescriptorMoves"/>), opens files, and closes sources that are no target.
/// </summary>
/// <remarks>
/// <para>
/// The child is born sharing its parent's descriptor table (CLONE_FILES), and its first step, close_range with
/// CLOSE_RANGE_UNSHARE, takes a copy of the part it keeps: a parent with 10,000 sockets does not pay for copying and
/// closing them at each start. Nothing before that step touches a descriptor. Where close_range is refused, the table
/// is copied at birth and the descriptors that were open at compile time are closed one by one; those opened by other
/// threads meanwhile are left to their close-on-exec flag.
/// </para>
/// <para>
/// No error channel lives in the table (the outcome is learned from memory and futexes), so seed 003's stipulations A,
/// B and C, which keep a pipe's number out of the way, have nothing left to dodge. Numbers the steps need for a moment
/// are results of the kernel's choice, never assumed.
/// </para>
/// </remarks>
internal static class DescriptorSteps
{
    /// <returns>Where everything went.</returns>
    internal static DescriptorMoves Add(
        ProgramBuilder program,
        CommandOptions options,
        StartMode mode,
        StageNumbers? second = null
    )
    {
        var moves = new DescriptorMoves(options, keepCgroup: CommandCompiler.JoinsCgroupByHand(options, mode));
        if (second is null)
        {
            AddClosing(program, moves.Kept, SpawnLadder.SharesDescriptorTable(mode.Rung));
        }
        else
        {
            // Its descriptors are moved before anything is closed, so it was born with a table of its own.
            second.AddTo(program);
            AddClosing(program, [.. moves.Kept.Union(second.All).Order()], unshare: false);
        }

        if (options.Umask is { } umask)
        {
            var octal = "0" + Convert.ToString(umask, 8);
            program.Add(Syscall.umask, "umask", octal, "", Operand.Named(umask, umask == 0 ? "000" : octal));
        }

        if (options.NewSession)
        {
            program.Add(Syscall.setsid, "setsid", "", "");
        }
        else if (options.ProcessGroup is { } group)
        {
            program.Add(Syscall.setpgid, "setpgid", group == 0 ? "new group" : $"group {group}", "", 0, group);
        }

        moves.AddTo(program);
        TerminalSteps.Add(program, options, moves.Terminal);
        foreach (var (number, source) in options.Descriptors)
        {
            if (source.File is { } file)
            {
                AddOpen(program, number, file);
            }
        }

        foreach (var (number, source) in options.Descriptors)
        {
            if (source.Kind == StdioKind.SameAs)
            {
                program.Add(
                    Syscall.dup3,
                    "dup3",
                    $"{source.Number} to {number}",
                    "the same open file",
                    source.Number,
                    number,
                    0
                );
            }
        }

        foreach (var number in moves.Leftover)
        {
            program.Add(Syscall.close, "close", $"descriptor {number}", "a source, not for the program", number);
        }

        return moves;
    }

    private static void AddClosing(ProgramBuilder program, IReadOnlyList<int> kept, bool unshare)
    {
        // Highest range first: the one that reaches the end of the table also decides how much of it is copied.
        var end = uint.MaxValue;
        foreach (var number in kept.Reverse().Append(-1))
        {
            var first = (uint)(number + 1);
            if (first <= end)
            {
                AddClosing(program, first, end, unshare);
                unshare = false;
            }

            end = number <= 0 ? 0 : (uint)(number - 1);
            if (number <= 0)
            {
                break;
            }
        }
    }

    private static void AddClosing(ProgramBuilder program, uint first, uint last, bool unshare)
    {
        if (SpawnLadder.CloseRange)
        {
            var flags = unshare
                ? Operand.Named(Fcntl.CLOSE_RANGE_UNSHARE, "CLOSE_RANGE_UNSHARE")
                : Operand.Immediate(0);
            var subject = last == uint.MaxValue ? $"descriptors from {first}" : $"descriptors {first} to {last}";
            program.Add(Syscall.close_range, "close_range", subject, "nothing else stays open", first, last, flags);
            return;
        }

        foreach (var number in OpenDescriptors.Numbers().Where(n => n >= first && n <= last))
        {
            program.Add(Syscall.close, "close", $"descriptor {number}", "close_range is refused here", number);
            var next = program.NewLabel();
            program.On(Errno.EBADF.Value, next);
            program.Mark(next);
        }
    }

    private static void AddOpen(ProgramBuilder program, int number, FileSource file)
    {
        var operands = OpenOperands.Of(program.Data.String(file.Path), file.Flags | Fcntl.O_CLOEXEC, file.Permissions);
        var opened = program.Add(Syscall.openat, "open", file.Path, $"for descriptor {number}", operands);
        var landed = program.NewLabel();
        var done = program.NewLabel();
        program.Add(Syscall.dup3, "dup3", $"{file.Path} to {number}", "", Operand.Result(opened), number, 0);
        // EINVAL: the kernel chose the very number that was wanted, because it was free.
        program.On(Errno.EINVAL.Value, landed);
        program.Add(Syscall.close, "close", file.Path, "", Operand.Result(opened));
        program.Then(done);
        program.Mark(landed);
        program.Add(
            Syscall.fcntl,
            "keep open",
            $"descriptor {number}",
            "only if it was opened at its number",
            number,
            Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
            0
        );
        program.Mark(done);
    }
}
