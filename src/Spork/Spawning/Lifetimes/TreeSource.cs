namespace Spork.Spawning;

/// <summary>What makes a process one of a tree's: descent, a group, a cgroup.</summary>
internal abstract class TreeSource
{
    /// <summary>Numbers worth a look; of processes that may have ended or been followed by others since.</summary>
    internal abstract IEnumerable<int> Candidates();

    /// <summary>
    /// Which of them belong, told by facts read now, after their pidfds were opened. The caller asks afterwards whether
    /// they still hold their numbers; the source, whether those hold theirs that they were recognised by.
    /// </summary>
    internal abstract IEnumerable<TreeMember> Confirmed(List<TreeMember> opened);

    /// <summary>Confirming many costs as much as confirming one.</summary>
    internal virtual bool ConfirmsTogether => false;

    /// <summary>Sends it to all at once, atomically; false if they are to be signalled one by one.</summary>
    internal abstract bool TrySignalAll(Signal signal);

    /// <summary>To those who can be reached in one blow, found or not: a chain of forks outruns a look round.</summary>
    internal virtual void SignalMost(Signal signal) { }

    /// <summary>Brings all of them to a standstill by itself; false if they are to be stopped one by one.</summary>
    internal virtual Task<bool> TryFreezeAsync(Pause pause) => Task.FromResult(false);

    /// <summary>Lets them run again after <see cref="TryFreezeAsync"/>.</summary>
    internal virtual void Thaw() { }

    /// <summary>Whether nobody of it runs, told without a descriptor; null if that cannot be told.</summary>
    internal virtual bool? IsEmpty() => null;

    /// <summary>Nothing of it runs, and no member is known.</summary>
    internal virtual void OnGone() { }

    /// <summary>Picks by how the child was started.</summary>
    /// <exception cref="InvalidOperationException">A group was meant, and the child leads none.</exception>
    internal static TreeSource? Of(ChildProcess child, StopReach reach, Func<int, TreeMember?> known)
    {
        RefuseWithoutGroup(child.Options!, reach);
        return reach switch
        {
            // A test's double is alone: it has neither descendants nor a group.
            _ when child.PidFd is DoublePidFd => null,
            StopReach.Process => null,
            StopReach.ProcessGroup => new GroupSource(child),
            _ when child.Cgroup is { } cgroup => new CgroupSource(cgroup),
            _ => new DescentSource(child, known),
        };
    }

    /// <exception cref="InvalidOperationException">A group was meant, and the child would lead none.</exception>
    internal static void RefuseWithoutGroup(CommandOptions options, StopReach reach)
    {
        if (reach == StopReach.ProcessGroup && !options.LeadsGroup)
        {
            throw new InvalidOperationException(
                $"'{options.ShownProgram}' does not lead a process group: the one it is in is this process's or another's. Start it with WithProcessGroup() or WithNewSession()."
            );
        }
    }
}
