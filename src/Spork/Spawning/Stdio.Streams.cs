using Spork.Spawning;

namespace Spork;

// Pipes, whose other end is here.
public sealed partial class Stdio
{
    /// <summary>
    /// A new pipe at each start; this process has the other end: <see cref="ChildProcess.StandardInput"/>,
    /// <see cref="ChildProcess.StandardOutput"/>, <see cref="ChildProcess.StandardError"/>. The program reads from it as
    /// descriptor 0, and writes to it as any other; say <see cref="InputPipe"/> or <see cref="OutputPipe"/> where that is
    /// not what is meant.
    /// </summary>
    public static Stdio Pipe { get; } = new(StdioKind.Pipe) { Direction = StreamDirection.OfNumber };

    /// <summary>
    /// A new pipe at each start that the program reads and this process writes:
    /// <see cref="ChildProcess.GetInput(int)"/>.
    /// </summary>
    public static Stdio InputPipe { get; } = new(StdioKind.Pipe) { Direction = StreamDirection.ToProgram };

    /// <summary>
    /// A new pipe at each start that the program writes and this process reads:
    /// <see cref="ChildProcess.GetOutput(int)"/>.
    /// </summary>
    public static Stdio OutputPipe { get; } = new(StdioKind.Pipe) { Direction = StreamDirection.FromProgram };

    /// <summary>Made by a capture, at each of its starts.</summary>
    internal static Stdio Captured { get; } = new(StdioKind.Captured) { Direction = StreamDirection.FromProgram };

    /// <summary>Handed in at the start: the reading end of a pipe.</summary>
    internal static Stdio GivenInput { get; } = new(StdioKind.Given) { Direction = StreamDirection.ToProgram };

    /// <summary>Handed in at the start: the writing end of a pipe.</summary>
    internal static Stdio GivenOutput { get; } = new(StdioKind.Given) { Direction = StreamDirection.FromProgram };

    internal StreamDirection Direction { get; private init; }

    /// <summary>Not the same at every start.</summary>
    internal bool IsMadeAtStart => Kind is StdioKind.Pipe or StdioKind.Relay or StdioKind.Captured or StdioKind.Given;

    /// <summary>
    /// Whatever stands behind another number of the same command: the shell's <c>2&gt;&amp;1</c> is
    /// <c>WithStandardError(Stdio.SameAs(1))</c>, wherever in the chain it is said. Both write to one pipe or one open
    /// file, so that what they write stays in order.
    /// </summary>
    /// <param name="number">The other number in the child.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Stdio SameAs(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new Stdio(StdioKind.SameAs) { Number = number };
    }

    /// <summary>Whether the program reads from it, under this number.</summary>
    internal bool IsToProgram(int number) =>
        Direction == StreamDirection.ToProgram || (Direction == StreamDirection.OfNumber && number == 0);

    internal void CheckDirection(int number, string parameter)
    {
        if (Kind is not (StdioKind.Relay or StdioKind.Pipe) || number > 2)
        {
            return;
        }

        if (IsToProgram(number) != (number == 0))
        {
            throw new ArgumentException(
                number == 0
                    ? "A program reads its standard input: give it Stdio.Pipe, a file, or one of Stdio.From…"
                    : $"A program writes to descriptor {number}: give it Stdio.Pipe, a file, or one of Stdio.To…",
                parameter
            );
        }
    }
}
