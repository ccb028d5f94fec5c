using Spork.Linux;

namespace Spork.Machine;

/// <summary>
/// The stubs, mapped once for the life of the process: written while writable, then made executable, never both
/// (hardened SELinux and W^X policies refuse a page that is). 16-byte aligned: NativeAOT takes a managed function
/// pointer with bit 1 set for a fat pointer.
/// </summary>
internal sealed unsafe class ExecutableMemory
{
    private ExecutableMemory(nint start, nint interpreter, nint signalHandler, nint signalRestorer)
    {
        Start = (delegate* unmanaged<StartRequest*, nint>)start;
        Interpreter = interpreter;
        SignalHandler = signalHandler;
        SignalRestorer = signalRestorer;
    }

    /// <summary>Makes the child. A plain unmanaged call: the thread is preemptive, a collection need not wait for it.</summary>
    internal delegate* unmanaged<StartRequest*, nint> Start { get; }

    internal nint Interpreter { get; }

    /// <summary>Does nothing.</summary>
    internal nint SignalHandler { get; }

    internal nint SignalRestorer { get; }

    /// <summary>Maps the stubs, or says why it may not.</summary>
    internal static ExecutableMemory? TryMap(MachineArchitecture architecture, out Errno errno)
    {
        byte[][] stubs = [architecture.StartStub.Bytes, architecture.Interpreter.Bytes, architecture.SignalStub.Bytes];
        var offsets = new int[stubs.Length];
        for (var i = 1; i < stubs.Length; i++)
        {
            offsets[i] = (offsets[i - 1] + stubs[i - 1].Length + 15) & ~15;
        }

        var size = (nuint)(offsets[^1] + stubs[^1].Length);

        if (!Memory.TryMap(size, Mman.PROT_READ | Mman.PROT_WRITE, out var address, out errno))
        {
            return null;
        }

        for (var i = 0; i < stubs.Length; i++)
        {
            stubs[i].CopyTo(new Span<byte>((byte*)address + offsets[i], stubs[i].Length));
        }

        if (!Memory.TryProtect(address, size, Mman.PROT_READ | Mman.PROT_EXEC, out errno))
        {
            Memory.Unmap(address, size);
            return null;
        }

        var handler = address + offsets[2];
        return new ExecutableMemory(
            address,
            address + offsets[1],
            handler,
            handler + architecture.SignalRestorerOffset
        );
    }
}
