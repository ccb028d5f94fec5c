using System.Runtime.InteropServices;

namespace Spork.Tests.Spawning;

/// <summary>Blocks a signal in the calling thread.</summary>
internal static unsafe partial class ThreadMask
{
    public static void Block(Signal signal)
    {
        // glibc's sigset_t: 1024 bits.
        var set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = 1UL << (signal.Number - 1);
        Assert.Equal(0, SetMask(0, set, null));
    }

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetMask(int how, ulong* set, ulong* old);
}
