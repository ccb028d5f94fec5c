using Spork.Linux;

namespace Spork.Spawning;

/// <summary>The real user and group of this process: what POSIX_SPAWN_RESETIDS makes the effective ones.</summary>
internal readonly record struct RealIds(uint User, uint Group)
{
    /// <summary>Null where the effective ones are the same already, as in nearly every process.</summary>
    /// <exception cref="SystemCallException">A filter refuses the question.</exception>
    internal static unsafe RealIds? IfTheyDiffer()
    {
        var ids = stackalloc uint[6];
        Ask(Syscall.getresuid, ids);
        Ask(Syscall.getresgid, ids + 3);
        return ids[0] == ids[1] && ids[3] == ids[4] ? null : new(ids[0], ids[3]);
    }

    // Real, effective, saved.
    private static unsafe void Ask(Syscall call, uint* ids)
    {
        var result = Sys.Call(call, (nint)ids, (nint)(ids + 1), (nint)(ids + 2));
        if (result != 0)
        {
            throw new SystemCallException($"{call}", "this process's ids", Sys.ErrnoOf(result));
        }
    }
}
