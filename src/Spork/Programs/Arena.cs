using Spork.Linux;
using Spork.Machine;

namespace Spork.Programs;

/// <summary>
/// The memory one child runs in until it execs: a guard page, its stack, the words it shares with its parent, and its
/// copy of the program. Unmanaged, because the collector moves objects while the child runs.
/// </summary>
/// <remarks>
/// The interpreter touches no stack, but a child on its parent's stack is what seed 003 forbids, and a signal frame or
/// a tracer may want one. Whoever rents an arena owns it until the child has let go (<see cref="ProgramContext.InUse"/>).
/// </remarks>
internal sealed unsafe class Arena
{
    private const int RequestOffset = 0;
    private const int CloneArgsOffset = 128;
    private const int ContextOffset = 256;
    private const int SlotsOffset = 512;

    /// <summary>How far behind the context the slots lie, for an operand that is the address of one.</summary>
    internal const int SlotsFromContext = SlotsOffset - ContextOffset;

    private static readonly int StackSize = Memory.PageSize;

    private readonly byte* _base;

    /// <summary>The program whose image lies here from the last start; a command is often started again.</summary>
    private ChildProgram? _loaded;

    private Arena(nint address, nuint size)
    {
        _base = (byte*)address;
        Size = size;
    }

    internal nuint Size { get; }

    internal StartRequest* Request => (StartRequest*)(Control + RequestOffset);

    internal CloneArgs* CloneArgs => (CloneArgs*)(Control + CloneArgsOffset);

    internal ProgramContext* Context => (ProgramContext*)(Control + ContextOffset);

    /// <summary>Filled by the kernel before the child runs, which may want to close it.</summary>
    internal int* PidFd => (int*)(Slots + Slot.PidFd);

    internal long* Slots => (long*)(Control + SlotsOffset);

    /// <summary>Lowest byte of the child's stack; the page below it is the guard.</summary>
    internal byte* Stack => _base + Memory.PageSize;

    internal static ulong StackLength => (ulong)StackSize;

    private byte* Control => Stack + StackSize;

    internal static nuint SizeFor(ChildProgram program)
    {
        var bytes = (2 * Memory.PageSize) + SlotsOffset + (program.SlotCount * 8) + 16 + program.Image.Length;
        return (nuint)((bytes + Memory.PageSize - 1) & -Memory.PageSize);
    }

    internal static Arena? TryCreate(nuint size, out Errno errno)
    {
        if (!Memory.TryMap(size, Mman.PROT_READ | Mman.PROT_WRITE, out var address, out errno))
        {
            return null;
        }

        if (!Memory.TryProtect(address, (nuint)Memory.PageSize, Mman.PROT_NONE, out errno))
        {
            Memory.Unmap(address, size);
            return null;
        }

        return new Arena(address, size);
    }

    /// <summary>Copies the program in and sets everything a child reads to its first value.</summary>
    internal void Load(ChildProgram program, int parentPid, int* doorbell)
    {
        var slots = Slots;
        new Span<long>(slots, program.SlotCount).Clear();
        var image = (byte*)(((nint)(slots + program.SlotCount) + 15) & ~15);
        if (ReferenceEquals(_loaded, program))
        {
            // Started here last: all that a run changes in the image is how often a handler may still be taken.
            program.Handlers.CopyTo(new Span<byte>(image + program.HandlersOffset, program.Handlers.Length));
        }
        else
        {
            program.Image.CopyTo(new Span<byte>(image, program.Image.Length));
            foreach (var offset in program.Relocations)
            {
                *(long*)(image + offset) += (nint)image;
            }

            _loaded = program;
        }

        foreach (var offset in program.ParentPids)
        {
            *(long*)(image + offset) = parentPid;
        }

        slots[Slot.Image] = (nint)image;
        slots[Slot.Context] = (nint)Context;
        slots[Slot.Doorbell] = (nint)doorbell;

        *Request = default;
        *CloneArgs = default;
        *PidFd = -1;
        *Context = default;
        Context->InUse = 1;
        Context->Current = -1;
        Context->Steps = (nint)image;
        Context->Slots = (nint)slots;
        LinkRobustList(slots);
    }

    internal void Free() => Memory.Unmap((nint)_base, Size);

    // A list of one entry, whose futex word is the first step's result: the child's tid, if that step asked for it. The
    // kernel looks at the list only if the program registers it.
    private void LinkRobustList(long* slots)
    {
        var head = &Context->RobustList;
        var entry = &Context->RobustEntry;
        head->Next = (nint)entry;
        head->FutexOffset = (byte*)(slots + Slot.FirstResult) - (byte*)entry;
        *entry = (nint)head;
    }
}
