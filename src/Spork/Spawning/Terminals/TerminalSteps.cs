using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Makes a pseudo-terminal the child's controlling terminal, and its standard streams where nothing else was said. The
/// child opens its end itself, through the master, whose number is an immediate of the program: nothing is resolved at
/// run time, so a command can be started again with the same terminal, and the parent never holds the child's end.
/// </summary>
/// <remarks>
/// Comes after setsid, which leaves the old terminal; after the moves, because the number that the kernel chooses may be
/// one that is still to be filled; and before files are opened, which may block for ever, as the master must not be held
/// by a child that is stuck. TIOCGPTPEER (kernel 4.13) needs no name; where a sandbox refuses it the name has to do.
/// </remarks>
internal static class TerminalSteps
{
    internal const string ControlStep = "controlling terminal";

    internal const string TakenHint = "the terminal has a session already, and controls one at a time";

    private const string OpenStep = "open terminal";

    private const int OpenFlags = Fcntl.O_RDWR | Fcntl.O_NOCTTY | Fcntl.O_CLOEXEC;

    internal static void Add(ProgramBuilder program, CommandOptions options, int master)
    {
        if (options.Terminal is not { } terminal)
        {
            return;
        }

        int[] numbers = [.. options.Descriptors.Where(d => d.Value.Kind == StdioKind.Terminal).Select(d => d.Key)];
        int? first = numbers.Length > 0 ? numbers[0] : null;
        var byName = program.NewLabel();
        var landed = program.NewLabel();
        var done = program.NewLabel();

        var opened = program.Add(
            Syscall.ioctl,
            OpenStep,
            terminal.Name,
            "the other end of the pseudo-terminal, O_RDWR|O_NOCTTY|O_CLOEXEC",
            master,
            Operand.Named(Tty.TIOCGPTPEER, "TIOCGPTPEER"),
            Operand.Named(OpenFlags, $"0x{OpenFlags:x}")
        );
        program.On(Errno.ENOTTY.Value, byName);
        program.On(Errno.EINVAL.Value, byName);
        program.On(Errno.ENOSYS.Value, byName);
        AddTaking(program, terminal, opened, first, landed, done);

        program.Mark(byName);
        opened = program.Add(
            Syscall.openat,
            OpenStep,
            terminal.Name,
            "only where TIOCGPTPEER is not known",
            Operand.Named(Fcntl.AT_FDCWD, "AT_FDCWD"),
            program.Data.String(terminal.Name),
            Operand.Named(OpenFlags, "O_RDWR|O_NOCTTY|O_CLOEXEC")
        );
        AddTaking(program, terminal, opened, first, landed, done);

        program.Mark(landed);
        if (first is { } number)
        {
            program.Add(
                Syscall.fcntl,
                "keep open",
                $"descriptor {number}",
                "only if it was opened at its number",
                number,
                Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
                0
            );
        }

        program.Mark(done);
        foreach (var other in numbers.Skip(1))
        {
            program.Add(Syscall.dup3, "dup3", $"{terminal.Name} to {other}", "", numbers[0], other, 0);
        }

        if (!DescriptorMoves.IsTarget(options, master))
        {
            program.Add(Syscall.close, "close", $"descriptor {master}", "our end, not for the program", master);
        }
    }

    private static void AddTaking(
        ProgramBuilder program,
        PseudoTerminal terminal,
        int opened,
        int? first,
        int landed,
        int done
    )
    {
        program.Add(
            Syscall.ioctl,
            ControlStep,
            terminal.Name,
            "",
            Operand.Result(opened),
            Operand.Named(Tty.TIOCSCTTY, "TIOCSCTTY"),
            0
        );
        if (first is { } number)
        {
            program.Add(Syscall.dup3, "dup3", $"{terminal.Name} to {number}", "", Operand.Result(opened), number, 0);
            // EINVAL: the kernel chose the very number that was wanted, because it was free.
            program.On(Errno.EINVAL.Value, landed);
        }

        program.Add(Syscall.close, "close", terminal.Name, "", Operand.Result(opened));
        program.Then(done);
    }
}
