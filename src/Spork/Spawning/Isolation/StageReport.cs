using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Context and slots of one second stage: a page or more that it shares with this process, and with nobody else. It maps
/// them over its own with its first step, so the interpreter needs to know nothing of it.
/// </summary>
internal sealed unsafe class StageReport : IDisposable
{
    private readonly nint _address;
    private readonly int _length;

    /// <exception cref="SystemCallException">No descriptor, or no memory.</exception>
    internal StageReport(ReadOnlySpan<byte> first)
    {
        _length = first.Length;
        File =
            StageFile.TryCreateMemory("spork-report", 0)
            ?? throw new SystemCallException("memfd_create", "the second stage's report", Errno.EPERM);
        try
        {
            StageFile.Write(File, first);
            var result = Sys.Call(
                Syscall.mmap,
                0,
                _length,
                Mman.PROT_READ | Mman.PROT_WRITE,
                Mman.MAP_SHARED,
                File.Number,
                0
            );
            _address = result is >= 0 or < -4095
                ? result
                : throw new SystemCallException("mmap", "the second stage's report", Sys.ErrnoOf(result));
        }
        catch
        {
            File.Dispose();
            throw;
        }
    }

    /// <summary>The child's end.</summary>
    internal Descriptor File { get; private set; }

    internal ProgramContext* Context => (ProgramContext*)_address;

    internal long* Slots => (long*)(_address + sizeof(ProgramContext));

    /// <summary>A stage that could not map its report says so by its exit code: the low byte of -errno.</summary>
    internal static Errno ErrnoOf(int exitCode) => new(256 - exitCode);

    /// <summary>To another number, if it must have one.</summary>
    internal void MoveFile(Func<Descriptor, Descriptor> move) => File = move(File);

    public void Dispose()
    {
        File.Dispose();
        Memory.Unmap(_address, (nuint)_length);
    }
}
