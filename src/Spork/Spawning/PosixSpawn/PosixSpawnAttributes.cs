using System.Runtime.InteropServices;
using Spork.Linux;
using static Spork.Spawning.PosixSpawnLibC;

namespace Spork.Spawning;

/// <summary>posix_spawn's attributes for a command: mask, dispositions, group or session.</summary>
internal sealed unsafe class PosixSpawnAttributes : IDisposable
{
    // glibc ignores its own two signals in the child unless they are named, and its set functions refuse to name them.
    private static readonly ulong GlibcInternal = SignalSet.Bit(32) | SignalSet.Bit(33);

    internal PosixSpawnAttributes(CommandOptions options)
    {
        Pointer = (nint)NativeMemory.AllocZeroed(AttributesSize);
        Check(posix_spawnattr_init(Pointer), "posix_spawnattr_init");
        var flags = (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

        // glibc's sigset_t is 1024 bits; the kernel looks at the first 64.
        var set = stackalloc ulong[16];
        new Span<ulong>(set, 16).Clear();
        set[0] = options.SignalMask;
        Check(posix_spawnattr_setsigmask(Pointer, set), "posix_spawnattr_setsigmask");
        set[0] =
            SignalSet.Bit(Signal.SIGPIPE.Number)
            | GlibcInternal
            | (options.KeepIgnoredSignals ? 0 : IgnoredSignals.AtFirstStart);
        Check(posix_spawnattr_setsigdefault(Pointer, set), "posix_spawnattr_setsigdefault");
        if (options.NewSession)
        {
            flags |= POSIX_SPAWN_SETSID;
        }
        else if (options.ProcessGroup is { } group)
        {
            flags |= POSIX_SPAWN_SETPGROUP;
            Check(posix_spawnattr_setpgroup(Pointer, group), "posix_spawnattr_setpgroup");
        }

        Check(posix_spawnattr_setflags(Pointer, flags), "posix_spawnattr_setflags");
    }

    internal nint Pointer { get; }

    public void Dispose()
    {
        Check(posix_spawnattr_destroy(Pointer), "posix_spawnattr_destroy");
        NativeMemory.Free((void*)Pointer);
    }
}
