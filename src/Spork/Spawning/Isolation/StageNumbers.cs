using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Which descriptor numbers the second stage finds its things at. Fixed when the command is compiled, and nobody else's:
/// no target, no source. What comes in under other numbers, which differ from start to start, is moved here first of all.
/// </summary>
internal sealed class StageNumbers
{
    private readonly List<(Operand Source, string What, int Number, bool CloseOnExec)> _moves = [];
    private readonly int[] _joined;

    internal StageNumbers(CommandOptions options, CommandOptions first, StartMode mode)
    {
        var moves = new DescriptorMoves(first, keepCgroup: CommandCompiler.JoinsCgroupByHand(options, mode));
        var handles = options.Isolation.Joined.Select(j => HandleNumber.Of(j.Handle)).ToList();
        var directory = options.DirectoryHandle is { } handle ? HandleNumber.Of(handle) : -1;
        var next = 3;
        int Free()
        {
            while (
                moves.Uses(next) || options.Descriptors.ContainsKey(next) || handles.Contains(next) || next == directory
            )
            {
                next++;
            }

            return next++;
        }

        File = Add(Operand.SlotPlus(Slot.StageFile, 0, "$stage_file"), "the second stage", Free(), closeOnExec: true);
        Report = Add(Operand.SlotPlus(Slot.StageReport, 0, "$stage_report"), "its report", Free());
        Pipe = Add(Operand.SlotPlus(Slot.StagePipe, 0, "$stage_pipe"), "its pipe", Free());
        Directory = directory < 0 ? -1 : Add(directory, $"descriptor {directory}", Free());
        _joined = [.. handles.Select(number => Add(number, $"descriptor {number}", Free()))];
        Taken = [.. new SortedSet<int>([0, 1, 2, .. All, .. moves.Used, .. options.Descriptors.Keys, .. handles])];
    }

    /// <summary>For a start that keeps what is open: numbers that are free, and that no file action names.</summary>
    /// <param name="named">By the file actions.</param>
    /// <exception cref="SystemCallException">EMFILE: three are needed.</exception>
    internal StageNumbers(IReadOnlyCollection<int> named)
    {
        using var free = OpenDescriptors.Free(named).GetEnumerator();
        int Free() =>
            free.MoveNext()
                ? free.Current
                : throw new SystemCallException("dup3", "a number for the second stage", Errno.EMFILE);

        File = Add(Operand.SlotPlus(Slot.StageFile, 0, "$stage_file"), "the second stage", Free(), closeOnExec: true);
        Report = Add(Operand.SlotPlus(Slot.StageReport, 0, "$stage_report"), "its report", Free());
        Pipe = Add(Operand.SlotPlus(Slot.StagePipe, 0, "$stage_pipe"), "its pipe", Free());
        Directory = -1;
        _joined = [];
        Taken = [.. new SortedSet<int>([0, 1, 2, .. All, .. named])];
    }

    /// <summary>The executable; gone with the first exec.</summary>
    internal int File { get; }

    /// <summary>The shared memory that it reports in.</summary>
    internal int Report { get; }

    /// <summary>The pipe whose end says that it became the program, or died.</summary>
    internal int Pipe { get; }

    /// <summary>The working directory's handle; -1 if there is none.</summary>
    internal int Directory { get; }

    /// <summary>All of them.</summary>
    internal int[] All => [.. _moves.Select(m => m.Number)];

    /// <summary>
    /// Numbers that nothing made for one start may have: these, which are filled one after the other, and any that the
    /// command names. A source that is not open here must be EBADF, and not by chance our pipe, which would never end.
    /// </summary>
    internal int[] Taken { get; }

    internal int Joined(int index) => _joined[index];

    internal void AddTo(ProgramBuilder program)
    {
        foreach (var (source, what, number, closeOnExec) in _moves)
        {
            program.Add(
                Syscall.dup3,
                "dup3",
                $"{what} to {number}",
                "for the second stage",
                source,
                number,
                closeOnExec ? Operand.Named(Fcntl.O_CLOEXEC, "O_CLOEXEC") : Operand.Immediate(0)
            );
        }
    }

    private int Add(Operand source, string what, int number, bool closeOnExec = false)
    {
        _moves.Add((source, what, number, closeOnExec));
        return number;
    }
}
