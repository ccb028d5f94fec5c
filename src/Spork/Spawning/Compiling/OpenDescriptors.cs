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

    /// <summary>FD_CLOEXEC or not; negative: the number is not open.</summary>
    internal static nint Flags(int number) => Sys.Call(Syscall.fcntl, number, Fcntl.F_GETFD);

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

    private static int Limit() => (int)Math.Min(RLimit.Of(Resource.OpenFiles)?.Soft ?? int.MaxValue, int.MaxValue);
}
