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
        return
        [
            .. numbers.Where(number =>
                OpenDescriptors.Flags(number) is > 0 and var flags && (flags & Fcntl.FD_CLOEXEC) != 0
            ),
        ];
    }
}
