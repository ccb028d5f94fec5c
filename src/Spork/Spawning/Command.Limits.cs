using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork;

// What the new process may use.
public sealed partial class Command
{
    private const int HighestProcessor = 8191;

    /// <summary>With this file mode creation mask (the low nine bits). See umask(2). Files opened for it obey it too.</summary>
    public Command WithUmask(UnixFileMode mask) =>
        ((int)mask & ~0x1FF) == 0
            ? new(_options with { Umask = (int)mask })
            : throw new ArgumentOutOfRangeException(nameof(mask), mask, "A umask has the nine permission bits only.");

    /// <summary>At this nice value, -20 (most favoured) to 19. See setpriority(2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public Command WithNice(int nice)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nice, -20);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nice, 19);
        return new(_options with { Nice = nice });
    }

    /// <summary>On these processors only, numbered from 0. See sched_setaffinity(2).</summary>
    /// <exception cref="ArgumentException">None were given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or beyond what Linux can count.</exception>
    public Command WithAffinity(params IEnumerable<int> processors)
    {
        ArgumentNullException.ThrowIfNull(processors);
        var list = processors.Distinct().Order().ToArray();
        if (list.Length == 0)
        {
            throw new ArgumentException("A process needs at least one processor.", nameof(processors));
        }

        if (list[0] < 0 || list[^1] > HighestProcessor)
        {
            throw new ArgumentOutOfRangeException(
                nameof(processors),
                list[0] < 0 ? list[0] : list[^1],
                $"Processors are numbered from 0 to {HighestProcessor}."
            );
        }

        return new(_options with { Processors = [.. list] });
    }

    /// <summary>With this limit, soft and hard alike. <see cref="ulong.MaxValue"/> is unlimited. See setrlimit(2).</summary>
    public Command WithLimit(Resource resource, ulong limit) => WithLimit(resource, limit, limit);

    /// <summary>With this soft and hard limit, in the resource's own unit. See setrlimit(2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a resource.</exception>
    /// <exception cref="ArgumentException">The soft limit is above the hard one.</exception>
    public Command WithLimit(Resource resource, ulong soft, ulong hard)
    {
        if (!Enum.IsDefined(resource))
        {
            throw new ArgumentOutOfRangeException(nameof(resource), resource, "Not a resource.");
        }

        return soft <= hard
            ? new(_options with { Limits = _options.Limits.SetItem(resource, (soft, hard)) })
            : throw new ArgumentException(
                $"The soft limit of {resource} ({soft}) is above the hard one ({hard}).",
                nameof(soft)
            );
    }

    /// <summary>Born in this cgroup (v2), by the absolute path of its directory.</summary>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    /// <exception cref="InvalidOperationException">A cgroup of its own was asked for.</exception>
    public Command WithCgroup(string path) =>
        Check.Path(path, nameof(path)).StartsWith('/')
            ? new(_options with { CgroupPath = WithoutOwn(path), CgroupHandle = null })
            : throw new ArgumentException("A cgroup is named by the absolute path of its directory.", nameof(path));

    /// <summary>Born in the cgroup (v2) behind this descriptor of its directory.</summary>
    /// <exception cref="InvalidOperationException">A cgroup of its own was asked for.</exception>
    public Command WithCgroup(SafeHandle directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        return new(_options with { CgroupPath = null, CgroupHandle = WithoutOwn(directory) });
    }
}
