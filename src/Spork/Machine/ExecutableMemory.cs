using Spork.Linux;

namespace Spork.Machine;

/// <summary>
/// The stubs, mapped once for the life of the process: written while writable, then made executable, never both
/// (hardened SELinux and W^X policies refuse a page that is). 16-byte aligned: NativeAOT takes a managed function
/// pointer with bit 1 set for a fat pointer.
/// </summary>
internal sealed unsafe class ExecutableMemory
{
    private ExecutableMemory(nint start, nint interpreter)
    {
        Start = (delegate* unmanaged<StartRequest*, nint>)start;
        Interpreter = interpreter;
    }

    /// <summary>Makes the child. A plain unmanaged call: the thread is preemptive, a collection need not wait for it.</summary>
    internal delegate* unmanaged<StartRequest*, nint> Start { get; }

    internal nint Interpreter { get; }

    /// <summary>Maps the stubs, or says why it may not.</summary>
    internal static ExecutableMemory? TryMap(MachineArchitecture architecture, out Errno errno)
    {
        var start = architecture.StartStub.Bytes;
        var interpreter = architecture.Interpreter.Bytes;
        var interpreterOffset = (start.Length + 15) & ~15;
        var size = (nuint)(interpreterOffset + interpreter.Length);

        if (!Memory.TryMap(size, Mman.PROT_READ | Mman.PROT_WRITE, out var address, out errno))
        {
            return null;
        }

        start.CopyTo(new Span<byte>((void*)address, start.Length));
        interpreter.CopyTo(new Span<byte>((byte*)address + interpreterOffset, interpreter.Length));
        if (!Memory.TryProtect(address, size, Mman.PROT_READ | Mman.PROT_EXEC, out errno))
        {
            Memory.Unmap(address, size);
            return null;
        }

        return new ExecutableMemory(address, address + interpreterOffset);
    }
}
