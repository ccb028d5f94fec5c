using System.Runtime.InteropServices;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>argv and envp in native memory, for libc.</summary>
internal sealed unsafe class NativeVectors : IDisposable
{
    private readonly byte* _memory;

    internal NativeVectors(CommandOptions options, EnvironmentBlock inherited)
    {
        var data = new ProgramData();
        var arguments = ArgumentVector.Arguments(data, options);
        var environment = ArgumentVector.Environment(data, options, inherited);
        _memory = (byte*)NativeMemory.Alloc((nuint)data.Length);
        data.Bytes.CopyTo(new Span<byte>(_memory, data.Length));
        foreach (var offset in data.Relocations)
        {
            *(long*)(_memory + offset) += (nint)_memory;
        }

        Arguments = (nint)(_memory + arguments.Constant);
        Environment = (nint)(_memory + environment.Constant);
    }

    internal nint Arguments { get; }

    internal nint Environment { get; }

    public void Dispose() => NativeMemory.Free(_memory);
}
