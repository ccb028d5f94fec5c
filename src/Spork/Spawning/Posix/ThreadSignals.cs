using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What the calling thread has blocked; posix_spawn's child inherits it.</summary>
internal static unsafe class ThreadSignals
{
    internal static ulong Blocked()
    {
        ulong blocked = 0;
        Sys.Call(Syscall.rt_sigprocmask, SigAction.SIG_SETMASK, 0, (nint)(&blocked), sizeof(ulong));
        return blocked;
    }
}
