using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What this process has open, for a posix_spawn through two stages.</summary>
internal static class PosixDescriptors
{
    /// <summary>Every number that a file action names.</summary>
    internal static int[] Named(PosixRequest request) =>
        [
            .. request
                .Actions.SelectMany(action =>
                    action.Kind == FileActionKind.Dup2 ? [action.Source, action.Number] : new[] { action.Number }
                )
                .Distinct(),
        ];

    /// <summary>
    /// Those that exec closes. All of them, for an action may reach any through a path (/dev/fd/7); only the named ones
    /// where there is no /proc, and so no such path.
    /// </summary>
    internal static int[] CloseOnExec(IReadOnlyCollection<int> named)
    {
        var numbers = Directory.Exists("/proc/self/fd") ? OpenDescriptors.Numbers() : named;
        return [.. numbers.Where(number => Flags(number) is > 0 and var flags && (flags & Fcntl.FD_CLOEXEC) != 0)];
    }

    /// <summary>
    /// Numbers that are not open and not named: those above the named ones first. Below, one of them would be what an
    /// open gets otherwise, and only an open that gets its very number keeps an O_CLOEXEC.
    /// </summary>
    internal static IEnumerable<int> Free(IReadOnlyCollection<int> named)
    {
        var end = Limit();
        var above = Math.Min(named.Append(2).Max() + 1, end);
        return Enumerable
            .Range(above, end - above)
            .Concat(Enumerable.Range(3, Math.Max(0, above - 3)))
            .Where(number => !named.Contains(number) && Flags(number) < 0);
    }

    private static nint Flags(int number) => Sys.Call(Syscall.fcntl, number, Fcntl.F_GETFD);

    private static int Limit() => (int)Math.Min(RLimit.Of(Resource.OpenFiles)?.Soft ?? int.MaxValue, int.MaxValue);
}
