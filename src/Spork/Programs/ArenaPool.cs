namespace Spork.Programs;

/// <summary>
/// Keeps a few arenas of ordinary size mapped between starts: mmap, mprotect, the first faults and munmap cost as much
/// as half a clone. Larger ones (huge environments) and those beyond the bound are unmapped at once. Thread safe.
/// </summary>
internal static class ArenaPool
{
    private const int Kept = 64;

    private static readonly nuint OrdinarySize = 64 * 1024;
    private static readonly Stack<Arena> Free = new(Kept);

    internal static Arena? TryRent(ChildProgram program, out Errno errno)
    {
        var size = Arena.SizeFor(program);
        if (size > OrdinarySize)
        {
            return Arena.TryCreate(size, out errno);
        }

        lock (Free)
        {
            if (Free.TryPop(out var arena))
            {
                errno = default;
                return arena;
            }
        }

        return Arena.TryCreate(OrdinarySize, out errno);
    }

    internal static void Return(Arena arena)
    {
        if (arena.Size == OrdinarySize)
        {
            lock (Free)
            {
                if (Free.Count < Kept)
                {
                    Free.Push(arena);
                    return;
                }
            }
        }

        arena.Free();
    }
}
