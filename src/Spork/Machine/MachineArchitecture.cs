using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Machine;

/// <summary>
/// The seam: machine code and what goes with it. A new processor is a subclass and its stubs here, and in the files that
/// docs/architecture.md lists under "Another processor" the numbers, layouts and calls that are x64's today. Until then
/// it is refused before any call is made. A test keeps X64 out of all other files.
/// </summary>
internal abstract class MachineArchitecture
{
    /// <summary>This process's architecture, or null where Spork has no machine code for it.</summary>
    internal static MachineArchitecture? Current { get; } =
        RuntimeInformation.ProcessArchitecture == Architecture.X64 ? new X64Architecture() : null;

    internal abstract string Name { get; }

    /// <summary>Makes the child; see <see cref="X64StartStub"/> for the contract.</summary>
    internal abstract MachineCode StartStub { get; }

    /// <summary>Runs a child program; see <see cref="X64Interpreter"/>.</summary>
    internal abstract MachineCode Interpreter { get; }

    /// <summary>A signal handler that does nothing; see <see cref="X64SignalStub"/>.</summary>
    internal abstract MachineCode SignalStub { get; }

    /// <summary>Where in <see cref="SignalStub"/> the restorer stands.</summary>
    internal abstract int SignalRestorerOffset { get; }

    /// <summary>Stands in front of the interpreter in a static ELF.</summary>
    internal abstract MachineCode ElfEntry { get; }

    /// <summary>Writes the context's address into a copy of <see cref="ElfEntry"/>.</summary>
    internal abstract void PatchElfEntry(Span<byte> entry, uint contextAddress);

    /// <summary>e_machine of elf.h.</summary>
    internal abstract ushort ElfMachine { get; }

    /// <summary>The number of a system call. The enum's values are x64's.</summary>
    internal abstract int Number(Syscall call);
}
