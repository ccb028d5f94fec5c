using System.Runtime.CompilerServices;

namespace Spork.Programs;

/// <summary>
/// Everything a new process must do before it becomes somebody else's code: a flat list of raw system calls with
/// operands, compiled here, in managed code, before the process exists, and run by an interpreter that needs no
/// libc, no TLS, no heap and no runtime (<see cref="Machine.X64Interpreter"/>).
/// </summary>
/// <remarks>
/// <para>
/// A program is position-independent data: <see cref="Image"/> is copied into native memory (<see cref="Arena"/>) or
/// into a file (<see cref="StaticElf"/>), the words at <see cref="Relocations"/> are rebased, and it runs. Immutable
/// and shared by all starts of one command; what differs from start to start comes in through the base slots.
/// </para>
/// <para>
/// Because it is data it can be explained (<see cref="ProgramListing"/>), verified (<see cref="ProgramVerifier"/>),
/// and every failure has an address: the interpreter writes the step's index before each call, so that the parent
/// knows where a child stopped even if it was killed.
/// </para>
/// </remarks>
internal sealed class ChildProgram
{
    private readonly int _dataOffset;

    internal ChildProgram(IReadOnlyList<Step> steps, byte[] image, int[] relocations, int[] parentPids, int dataOffset)
    {
        Steps = steps;
        Image = image;
        Relocations = relocations;
        ParentPids = parentPids;
        _dataOffset = dataOffset;
    }

    /// <summary>The program that this one's last step becomes, in memory of its own; null for nearly all.</summary>
    internal ChildProgram? Second { get; private init; }

    /// <summary>Descriptor numbers that what is made for one start, for the second stage, must not have.</summary>
    internal int[] ReservedNumbers { get; private init; } = [];

    /// <summary>The same, and its last step becomes that one.</summary>
    internal ChildProgram FollowedBy(ChildProgram second, int[] reservedNumbers) =>
        new(Steps, Image, Relocations, ParentPids, _dataOffset) { Second = second, ReservedNumbers = reservedNumbers };

    /// <summary>Of both stages: what a failure's "step k of n" counts.</summary>
    internal int StepCount => Steps.Count + (Second?.Steps.Count ?? 0);

    /// <summary>The steps, in order. A failure names one by its index.</summary>
    internal IReadOnlyList<Step> Steps { get; }

    /// <summary>Native steps, their handlers, then data.</summary>
    internal byte[] Image { get; }

    /// <summary>Offsets into the image of 8-byte words that hold offsets into the image and must become addresses.</summary>
    internal int[] Relocations { get; }

    /// <summary>
    /// Offsets into the image of 8-byte words that must hold the starting process's pid. It is not compiled in: a
    /// command outlives a fork of its process.
    /// </summary>
    internal int[] ParentPids { get; }

    /// <summary>Where the handlers stand, behind the steps.</summary>
    internal int HandlersOffset => Steps.Count * Unsafe.SizeOf<NativeStep>();

    /// <summary>
    /// The handlers, whose budgets the interpreter counts down: the only part of the image that a run changes. System
    /// calls must not be given its data to write into.
    /// </summary>
    internal ReadOnlySpan<byte> Handlers => Image.AsSpan(HandlersOffset, _dataOffset - HandlersOffset);

    internal int SlotCount => Slot.FirstResult + Steps.Count;
}
