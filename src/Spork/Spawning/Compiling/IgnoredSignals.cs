using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// What this process ignores, looked up once: inherited from whoever started it, plus the runtime's SIGPIPE. Asking at
/// every start is what makes Process.Start issue 190 rt_sigaction calls a start.
/// </summary>
internal static class IgnoredSignals
{
    internal static ulong AtFirstStart { get; } = Query();

    /// <summary>What it ignores now.</summary>
    internal static unsafe ulong Query()
    {
        ulong set = 0;
        for (var signal = 1; signal <= 64; signal++)
        {
            SigAction action;
            var result = Sys.Call(Syscall.rt_sigaction, signal, 0, (nint)(&action), 8);
            if (result == 0 && action.Handler == SigAction.SIG_IGN)
            {
                set |= SignalSet.Bit(signal);
            }
        }

        return set;
    }
}
