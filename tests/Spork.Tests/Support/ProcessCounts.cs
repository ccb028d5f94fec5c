using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>
/// What this process holds: descriptors, threads, children, mappings. Take a baseline and look again; run the code
/// under test once before the baseline, so that what is opened once and kept (the reactor's epoll) is already there.
/// </summary>
/// <remarks>
/// Exact, not within a tolerance: descriptors are compared by number and target, children by pid, threads by id and
/// name. The runtime starts and ends threads of its own at any time; they are told apart by name, which begins with
/// ".NET ". An unnamed thread inherits its creator's name, so the library names each of its threads.
/// </remarks>
internal sealed class ProcessCounts
{
    public required IReadOnlyDictionary<int, string> Descriptors { get; init; }

    public required IReadOnlyDictionary<int, string> Threads { get; init; }

    public required IReadOnlyList<ChildEntry> Children { get; init; }

    public required int Mappings { get; init; }

    public int Zombies => Children.Count(child => child.IsZombie);

    /// <summary>
    /// For the first look: garbage of earlier tests is finalized now, so that it does not close descriptors later; and what
    /// a thread of the pool is just closing (a cgroup's files, after its child) is waited for.
    /// </summary>
    public static ProcessCounts TakeBaseline()
    {
        while (true)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            var before = ReadDescriptors();
            Thread.Sleep(5);
            var counts = Take();
            if (before.All(d => counts.Descriptors.GetValueOrDefault(d.Key) == d.Value))
            {
                return counts;
            }
        }
    }

    /// <summary>For the last look: no collection, because a finalizer must not tidy up what the code forgot.</summary>
    public static ProcessCounts Take() =>
        new()
        {
            Descriptors = ReadDescriptors(),
            Threads = ReadThreads(),
            Children = ChildEntry.ListOwn(),
            Mappings = File.ReadLines("/proc/self/maps").Count(),
        };

    internal static Dictionary<int, string> ReadDescriptors()
    {
        var found = new Dictionary<int, string>();
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            // The listing's own descriptor is in the list and closed again by now: it has no target. Assemblies stay
            // open once the runtime has loaded them, whenever it first needs them.
            if (ReadLink(path) is { } target && !target.EndsWith(".dll", StringComparison.Ordinal))
            {
                found.Add(int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), target);
            }
        }

        return found;
    }

    private static string? ReadLink(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Dictionary<int, string> ReadThreads()
    {
        var found = new Dictionary<int, string>();
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                var name = File.ReadAllText(task + "/comm").TrimEnd('\n');
                if (!name.StartsWith(".NET ", StringComparison.Ordinal))
                {
                    found.Add(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), name);
                }
            }
            catch (IOException)
            {
                // The thread ended while we looked.
            }
        }

        return found;
    }
}
