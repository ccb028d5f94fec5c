namespace Spork.Spawning;

/// <summary>
/// Children of members; and, if the child leads a session or a group, whoever is in those: orphans, whose parent ended
/// and with it the way to them, keep both.
/// </summary>
/// <remarks>
/// A parent's number in /proc means the member that has it only as long as that member holds it, so that is asked after
/// /proc was read. The number of a session or a group stays taken while either its leader is unreaped or anybody is in
/// it; so it means ours while the root holds it, or while a member is in it that was recognised before.
/// </remarks>
internal sealed class DescentSource(ChildProcess root, Func<int, TreeMember?> known) : TreeSource
{
    // Members seen in the root's session: while one lives and is in it, the session is still that session.
    private readonly List<TreeMember> _witnesses = [];

    internal override IEnumerable<int> Candidates() =>
        ProcStat
            .Numbers()
            .Where(number =>
                ProcStat.TryRead(number, out var stat)
                && (stat.Parent == root.Id || known(stat.Parent) is not null || IsInRootsNumber(stat))
            );

    internal override IEnumerable<TreeMember> Confirmed(List<TreeMember> opened)
    {
        foreach (var member in opened)
        {
            if (!ProcStat.TryRead(member.Number, out var stat))
            {
                continue;
            }

            var inSession = IsInRootsNumber(stat) && (root.HoldsNumber() || _witnesses.Exists(IsStillIn));
            if (inSession)
            {
                _witnesses.Add(member);
            }

            if (
                inSession
                || (stat.Parent == root.Id && root.HoldsOwnNumber())
                || known(stat.Parent) is { HoldsNumber: true }
            )
            {
                yield return member;
            }
        }
    }

    internal override bool TrySignalAll(Signal signal) => false;

    internal override void SignalMost(Signal signal) => _ = root.LeadsGroup && root.TrySignalGroup(signal);

    private bool IsInRootsNumber(ProcStat stat) =>
        (root.LeadsSession && stat.Session == root.Id) || (root.LeadsGroup && stat.Group == root.Id);

    private bool IsStillIn(TreeMember member) =>
        ProcStat.TryRead(member.Number, out var stat) && IsInRootsNumber(stat) && member.HoldsNumber;
}
