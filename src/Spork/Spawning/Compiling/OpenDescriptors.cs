using System.Globalization;

namespace Spork.Spawning;

/// <summary>What this process has open, from /proc; only needed where close_range is refused.</summary>
internal static class OpenDescriptors
{
    internal static IReadOnlyList<int> Numbers() =>
        [
            .. Directory
                .EnumerateFileSystemEntries("/proc/self/fd")
                .Select(path => int.Parse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture))
                .Order(),
        ];
}
