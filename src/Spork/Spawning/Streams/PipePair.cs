using Spork.Linux;

namespace Spork.Spawning;

/// <summary>pipe2(2), both ends close-on-exec.</summary>
internal readonly unsafe record struct PipePair(Descriptor ReadEnd, Descriptor WriteEnd) : IDisposable
{
    /// <exception cref="SystemCallException">EMFILE, ENFILE.</exception>
    internal static PipePair Create()
    {
        var ends = stackalloc int[2];
        var result = Sys.Call(Syscall.pipe2, (nint)ends, Fcntl.O_CLOEXEC);
        return result < 0
            ? throw new SystemCallException("pipe2", "a pipe for the child", Sys.ErrnoOf(result))
            : new PipePair(new Descriptor(ends[0]), new Descriptor(ends[1]));
    }

    public void Dispose()
    {
        ReadEnd.Dispose();
        WriteEnd.Dispose();
    }
}
