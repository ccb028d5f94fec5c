namespace Spork.Spawning;

/// <summary>The process group that the child leads, or led.</summary>
internal sealed class GroupSource(ChildProcess root) : TreeSource
{
    internal override IEnumerable<int> Candidates() =>
        ProcStat.Numbers().Where(number => ProcStat.TryRead(number, out var stat) && stat.Group == root.Id);

    internal override IEnumerable<TreeMember> Confirmed(List<TreeMember> opened) =>
        opened.Where(member =>
            ProcStat.TryRead(member.Number, out var stat) && stat.Group == root.Id && root.HoldsNumber()
        );

    // Before kernel 6.9 (EINVAL): one by one. kill(-pgid) would do it, but is only safe while the leader is unreaped.
    internal override bool TrySignalAll(Signal signal) => root.TrySignalGroup(signal);
}
