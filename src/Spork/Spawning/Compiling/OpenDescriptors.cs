using System.Globalization;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// What this process has open, from /proc: needed where close_range is refused, and for a posix_spawn in two stages.
/// </summary>
internal static class OpenDescriptors
{
    /// <exception cref="SystemCallException">It cannot be read: no descriptor is left, for example.</exception>
    internal static IReadOnlyList<int> Numbers()
    {
        using var directory = DirectoryReader.Open("/proc/self/fd");
        var numbers = new List<int>();
        while (directory.Next() is { } name)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbers.Add(number);
            }
        }

        numbers.Sort();
        return numbers;
    }
}
