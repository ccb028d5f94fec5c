using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spork.Machine;

namespace Spork.Programs;

/// <summary>
/// Writes a child program as a static, non-PIE ELF executable without libc: the same interpreter behind an entry stub,
/// and one writable segment with context, slots and image at fixed addresses. This is the second stage of a spawn and
/// later the restorer: a process with its own memory that still runs a program compiled in managed code.
/// </summary>
internal static class StaticElf
{
    private const uint LoadAddress = 0x400000;
    private const ulong PageSize = 4096;
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int HeaderCount = 3;

    // elf.h
    private const uint PT_LOAD = 1;
    private const uint PT_GNU_STACK = 0x6474e551;
    private const uint PF_X = 1;
    private const uint PF_W = 2;
    private const uint PF_R = 4;

    /// <summary>The executable's bytes. It exits 0 at the end of the program and 127 where a step failed.</summary>
    /// <param name="program">What it does.</param>
    /// <param name="architecture">For which processor.</param>
    /// <param name="parentPid">Whose child it must be where the program expects its parent.</param>
    /// <param name="loadAddress">Page-aligned, below 4 GiB.</param>
    internal static byte[] Write(
        ChildProgram program,
        MachineArchitecture architecture,
        int parentPid,
        uint loadAddress = LoadAddress
    ) => WriteStage(program, architecture, parentPid, loadAddress, alone: true).File;

    /// <summary>
    /// The same, as a stage that reports to the process that started it: context and slots have pages of their own, which
    /// the stage itself replaces by shared memory with its first step.
    /// </summary>
    internal static StageImage WriteStage(ChildProgram program, MachineArchitecture architecture, int parentPid) =>
        WriteStage(program, architecture, parentPid, LoadAddress, alone: false);

    /// <summary>Where a stage finds its context: behind the one page of code.</summary>
    internal const uint StageReportAddress = LoadAddress + (uint)PageSize;

    /// <summary>How much memory context and slots of so many steps take, in whole pages.</summary>
    internal static int StageReportLength(int steps) =>
        (Unsafe.SizeOf<ProgramContext>() + ((Slot.FirstResult + steps) * 8) + (int)PageSize - 1) & -(int)PageSize;

    /// <summary>Where a stage finds one of its slots.</summary>
    internal static Operand AddressOfSlot(int slot, string text) =>
        Operand.SlotPlus(Slot.Context, Unsafe.SizeOf<ProgramContext>() + (slot * sizeof(long)), text);

    private static StageImage WriteStage(
        ChildProgram program,
        MachineArchitecture architecture,
        int parentPid,
        uint loadAddress,
        bool alone
    )
    {
        var code = Code(architecture, out var codeOffset);
        var dataOffset = (int)((ulong)(code.Length + (int)PageSize - 1) & ~(PageSize - 1));
        var dataAddress = loadAddress + (uint)dataOffset;

        var contextSize = Unsafe.SizeOf<ProgramContext>();
        var slotsOffset = contextSize;
        var imageOffset = alone
            ? (slotsOffset + (program.SlotCount * 8) + 15) & ~15
            : StageReportLength(program.Steps.Count);

        var file = new byte[dataOffset + imageOffset + program.Image.Length];
        code.CopyTo(file.AsSpan());
        architecture.PatchElfEntry(file.AsSpan(codeOffset), dataAddress);

        var data = file.AsSpan(dataOffset);
        var context = new ProgramContext
        {
            InUse = 1,
            Current = -1,
            Steps = (nint)(dataAddress + imageOffset),
            Slots = (nint)(dataAddress + slotsOffset),
        };
        MemoryMarshal.Write(data, in context);

        var slots = MemoryMarshal.Cast<byte, long>(data.Slice(slotsOffset, program.SlotCount * 8));
        slots[Slot.Image] = dataAddress + imageOffset;
        slots[Slot.Context] = dataAddress;

        var image = data[imageOffset..];
        program.Image.CopyTo(image);
        foreach (var relocation in program.Relocations)
        {
            var word = image.Slice(relocation, 8);
            BinaryPrimitives.WriteInt64LittleEndian(
                word,
                BinaryPrimitives.ReadInt64LittleEndian(word) + dataAddress + imageOffset
            );
        }

        foreach (var offset in program.ParentPids)
        {
            BinaryPrimitives.WriteInt64LittleEndian(image[offset..], parentPid);
        }

        WriteHeader(file, architecture.ElfMachine, loadAddress + (uint)codeOffset);
        WriteSegment(file, 0, PT_LOAD, PF_R | PF_X, 0, loadAddress, code.Length);
        WriteSegment(file, 1, PT_LOAD, PF_R | PF_W, dataOffset, dataAddress, file.Length - dataOffset);
        WriteSegment(file, 2, PT_GNU_STACK, PF_R | PF_W, 0, 0, 0);
        return new StageImage(file, file.AsMemory(dataOffset, alone ? 0 : imageOffset));
    }

    // Headers, then the entry stub, which falls through into the interpreter.
    private static byte[] Code(MachineArchitecture architecture, out int codeOffset)
    {
        codeOffset = (HeaderSize + (HeaderCount * ProgramHeaderSize) + 15) & ~15;
        return [.. new byte[codeOffset], .. architecture.ElfEntry.Bytes, .. architecture.Interpreter.Bytes];
    }

    private static void WriteHeader(Span<byte> file, ushort machine, ulong entry)
    {
        ReadOnlySpan<byte> identification =
        [
            0x7f,
            (byte)'E',
            (byte)'L',
            (byte)'F',
            2 /* 64 */
            ,
            1 /* little */
            ,
            1,
            0,
        ];
        identification.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file[24..], entry);
        BinaryPrimitives.WriteUInt64LittleEndian(file[32..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[54..], ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[56..], HeaderCount);
    }

    private static void WriteSegment(
        Span<byte> file,
        int index,
        uint type,
        uint flags,
        int offset,
        ulong address,
        int size
    )
    {
        var header = file[(HeaderSize + (index * ProgramHeaderSize))..];
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], (ulong)offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], PageSize);
    }
}
