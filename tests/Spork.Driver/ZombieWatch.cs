using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>How long the longest-lived zombie was seen.</summary>
internal sealed class ZombieWatch
{
    private Dictionary<int, long> _firstSeen = [];

    internal long Longest { get; private set; }

    internal void Look()
    {
        var now = Environment.TickCount64;
        var seen = new Dictionary<int, long>();
        foreach (var child in ChildEntry.ListOwn().Where(c => c.IsZombie))
        {
            seen[child.Id] = _firstSeen.GetValueOrDefault(child.Id, now);
            Longest = Math.Max(Longest, now - seen[child.Id]);
        }

        _firstSeen = seen;
    }
}
