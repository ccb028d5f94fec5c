using System.Buffers.Binary;
using Spork.Linux;
using Spork.Machine;
using Spork.Programs;

namespace Spork.Driver;

/// <summary>
/// Where children make their system calls: the one instruction of the interpreter in shared memory, and the one in a
/// second stage. A filter that looks there refuses the child, and never the runtime.
/// </summary>
/// <remarks>
/// The filtered thread is the runtime's too. It compiles and loads what it runs for the first time (an assembly is mapped
/// through fcntl and openat: refused, it aborts), and a thread it makes inherits the filter (coreclr sets each one's
/// priority by sched_setscheduler: KILL ends the driver with 159, 128 plus SIGSYS). How often that happens depends on
/// what had been compiled before.
/// </remarks>
internal static class InterpreterAddresses
{
    /// <summary>As seccomp shows them: the one after the instruction.</summary>
    internal static ulong[] AfterSyscall()
    {
        var architecture = MachineArchitecture.Current!;
        var offset = architecture.Interpreter.Listing.First(i => i.Text == "syscall").Offset + 2;
        return [(ulong)(SpawnLadder.Code.Interpreter + offset), StageEntry(architecture) + (ulong)offset];
    }

    // The interpreter stands right behind the entry stub (elf.h: e_entry).
    private static ulong StageEntry(MachineArchitecture architecture)
    {
        var program = new ProgramBuilder();
        program.Add(Syscall.exit, "exit", "", "", 0);
        program.End();
        var file = StaticElf.Write(program.Build(), architecture, Environment.ProcessId);
        return BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(24)) + (ulong)architecture.ElfEntry.Bytes.Length;
    }
}
