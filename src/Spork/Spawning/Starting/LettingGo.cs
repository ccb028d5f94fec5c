using System.Diagnostics;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Waits until a child has let go of the shared memory: at its successful exec, or at its exit. The kernel clears
/// <see cref="ProgramContext.InUse"/> and wakes its futex (CLONE_CHILD_CLEARTID).
/// </summary>
internal static unsafe class LettingGo
{
    // Kernels leave the word alone for a child that dumps core, so once in a while the pidfd is asked as well.
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>False only if the patience ran out.</summary>
    internal static bool Wait(Arena arena, Descriptor? pidFd, TimeSpan? patience = null)
    {
        var started = Stopwatch.GetTimestamp();
        var timeout = new TimeSpec { Nanoseconds = (long)AskEvery.TotalNanoseconds };
        var word = &arena.Context->InUse;
        for (var value = Volatile.Read(ref *word); value != 0; value = Volatile.Read(ref *word))
        {
            var result = Futex.Wait(word, value, &timeout);
            if (result == 0 || result == -Errno.EAGAIN.Value || result == -Errno.EINTR.Value)
            {
                continue;
            }

            if (result != -Errno.ETIMEDOUT.Value)
            {
                // A filter refuses futex: look at the word now and then, rather than spin on the refusal.
                Thread.Sleep(1);
            }

            if (pidFd is not null && Reaper.HasExited(pidFd))
            {
                return true;
            }

            if (patience is { } limit && Stopwatch.GetElapsedTime(started) > limit)
            {
                return false;
            }
        }

        return true;
    }
}
