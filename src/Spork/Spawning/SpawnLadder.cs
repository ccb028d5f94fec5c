using Spork.Linux;
using Spork.Machine;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// How processes are made on this machine. The best rung that works is found once, at the first start, by trying it:
/// <c>clone3</c>; <c>clone</c> where a seccomp filter refuses clone3 or the kernel is older than 5.5;
/// <c>posix_spawn</c> of libc, with errno only, where executable memory is refused or children do not share memory.
/// </summary>
/// <remarks>
/// The environment variable <c>SPORK_SPAWN=clone3|clone|posix_spawn</c> forces a rung, for tests and comparisons.
/// Thread safe.
/// </remarks>
public static partial class SpawnLadder
{
    private static readonly Lock Finding = new();
    private static Probe? s_found;

    /// <summary>The rung in use: <c>clone3</c>, <c>clone</c> or <c>posix_spawn</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">Not Linux, or a libc or processor that is not supported yet.</exception>
    /// <exception cref="SystemCallException">Asked before the first start, and no memory or process was to be had to find out.</exception>
    public static string Current => Name(Rung);

    internal static Rung Rung => Result.Rung;

    /// <summary>The stubs; only on the upper two rungs.</summary>
    internal static ExecutableMemory Code =>
        Result.Code ?? throw new InvalidOperationException("This rung has no machine code.");

    /// <summary>Kernel 5.9, and not refused.</summary>
    internal static bool CloseRange { get; } = Sys.Call(Syscall.close_range, -1, -1) == 0;

    // Not a Lazy, which remembers exceptions: a process limit reached during the first start is no property of this
    // machine.
    internal static Probe Result
    {
        get
        {
            if (Volatile.Read(ref s_found) is { } found)
            {
                return found;
            }

            lock (Finding)
            {
                return s_found ??= Probe.Run();
            }
        }
    }

    /// <summary>For the report of a failure that may be the probe's own: asks nothing of the system.</summary>
    internal static string KnownName => Volatile.Read(ref s_found) is { } found ? Name(found.Rung) : "none";

    /// <summary>
    /// Children are born sharing the descriptor table and leave it with their first close_range
    /// (CLOSE_RANGE_UNSHARE, as old as close_range itself).
    /// </summary>
    internal static bool SharesDescriptorTable(Rung rung) => CloseRange && rung != Rung.PosixSpawn;

    internal static string Name(Rung rung) =>
        rung switch
        {
            Rung.Clone3 => "clone3",
            Rung.Clone => "clone",
            _ => "posix_spawn",
        };
}
