using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// In place of the pidfd of a child that was over, and reaped by the kernel, before a pidfd could be had: as readable as
/// that of a process that has ended, and nothing can be signalled by it.
/// </summary>
internal sealed class LostPidFd : Descriptor
{
    private LostPidFd(int number)
        : base(number) { }

    /// <exception cref="SystemCallException">pipe2: EMFILE, ENFILE.</exception>
    internal static LostPidFd Create()
    {
        var pipe = PipePair.Create();
        pipe.WriteEnd.Dispose();
        var descriptor = new LostPidFd(pipe.ReadEnd.Number);
        pipe.ReadEnd.SetHandleAsInvalid();
        return descriptor;
    }
}
