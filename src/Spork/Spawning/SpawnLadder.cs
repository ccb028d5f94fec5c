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
    private static readonly Lazy<Probe> Found = new(Probe.Run);

    /// <summary>The rung in use: <c>clone3</c>, <c>clone</c> or <c>posix_spawn</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">Not Linux, or a libc or processor that is not supported yet.</exception>
    public static string Current => Name(Rung);

    internal static Rung Rung => Found.Value.Rung;

    /// <summary>The stubs; only on the upper two rungs.</summary>
    internal static ExecutableMemory Code => Found.Value.Code ?? throw new InvalidOperationException("This rung has no machine code.");

    /// <summary>Kernel 5.9, and not refused.</summary>
    internal static bool CloseRange { get; } = Sys.Call(Syscall.close_range, -1, -1) == 0;

    internal static Probe Result => Found.Value;

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
