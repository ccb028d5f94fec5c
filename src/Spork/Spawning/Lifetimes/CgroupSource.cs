namespace Spork.Spawning;

/// <summary>Whoever is in the child's own cgroup or one below it. A process cannot leave it without being let.</summary>
internal sealed class CgroupSource(OwnCgroup cgroup) : TreeSource
{
    internal override bool ConfirmsTogether => true;

    internal override IEnumerable<int> Candidates() => cgroup.Processes();

    internal override IEnumerable<TreeMember> Confirmed(List<TreeMember> opened)
    {
        if (opened.Count == 0)
        {
            return [];
        }

        var inside = cgroup.Processes().ToHashSet();
        return opened.Where(member => inside.Contains(member.Number));
    }

    // cgroup.kill: kernel 5.14. Forks under way do not escape it.
    internal override bool TrySignalAll(Signal signal) => signal == Signal.SIGKILL && cgroup.TryKill();

    internal override Task<bool> TryFreezeAsync(Pause pause) => cgroup.TryFreezeAsync(pause);

    internal override void Thaw() => cgroup.Thaw();

    internal override bool? IsEmpty() => cgroup.IsEmpty();

    internal override void OnGone() => cgroup.TryRemove();
}
