using System.Globalization;

namespace Spork.Spawning;

/// <summary>
/// Whether /proc speaks of this process's pid namespace. In a new one that still has its parent's /proc, the numbers
/// there mean other processes.
/// </summary>
internal static class OwnProc
{
    internal static bool IsMounted() =>
        int.TryParse(
            new FileInfo("/proc/self").LinkTarget,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var own
        )
        && own == Environment.ProcessId;
}
