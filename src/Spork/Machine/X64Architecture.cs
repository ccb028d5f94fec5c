using System.Buffers.Binary;
using Spork.Linux;

namespace Spork.Machine;

internal sealed class X64Architecture : MachineArchitecture
{
    internal override string Name => "x64";

    internal override MachineCode StartStub => X64StartStub.Code;

    internal override MachineCode Interpreter => X64Interpreter.Code;

    internal override MachineCode SignalStub => X64SignalStub.Code;

    internal override int SignalRestorerOffset => X64SignalStub.RestorerOffset;

    internal override MachineCode ElfEntry => X64ElfEntry.Code;

    internal override ushort ElfMachine => 62; // EM_X86_64

    internal override void PatchElfEntry(Span<byte> entry, uint contextAddress) =>
        BinaryPrimitives.WriteUInt32LittleEndian(entry[X64ElfEntry.ContextAddressOffset..], contextAddress);

    internal override int Number(Syscall call) => (int)call;
}
