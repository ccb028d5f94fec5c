using System.Diagnostics;

namespace Spork.Spawning;

/// <summary>The processes that a stop or a signal reaches: the child and, held by pidfds, those found through a source.</summary>
/// <remarks>
/// <para>
/// No signal is ever sent to a number. A number is found, a pidfd is opened for whoever has it by then, its relation is
/// read again, and only if after that the pidfd's process still holds the number was it the one that was read about. A
/// process that got a number again therefore fails one of the looks.
/// </para>
/// <para>
/// Stopping what forks: a child found a moment too late would be an orphan without a way to it, so nobody gets the
/// signal before everybody is found. Each process found is stopped (SIGSTOP); one that is stopped makes no more
/// children. It is over when a whole look round finds nobody new, begun after all that were known had come to a
/// standstill. Then the youngest get the signal first: a parent that ended earlier may leave a group orphaned, and the
/// kernel continues the stopped processes of such a group (setpgid(2), SIGHUP and SIGCONT). With SIGKILL pending no fork
/// succeeds any more (copy_process in kernel/fork.c), so once all have it, nobody is born. A last look finds who was in
/// uninterruptible sleep meanwhile. Where the kernel can do it in one blow (cgroup.kill, a process group) it does; a
/// cgroup freezes by itself.
/// </para>
/// <para>Not thread safe; made for one stop.</para>
/// </remarks>
internal sealed class ProcessTree : IDisposable
{
    // A stop takes the time of a context switch. A process that takes longer hangs in the kernel, or is continued again
    // and again by somebody outside: then it is killed as it is, and looked after once more.
    private static readonly TimeSpan StillPatience = TimeSpan.FromSeconds(2);

    private readonly ChildProcess _root;
    private readonly TreeSource? _source;
    private readonly Dictionary<int, TreeMember> _members = [];
    private readonly List<TreeMember> _inOrder = [];
    private bool _rootRefused;
    private bool _killing;

    /// <exception cref="InvalidOperationException">A group was meant, and the child leads none.</exception>
    internal ProcessTree(ChildProcess root, StopReach reach)
    {
        _root = root;
        _source = TreeSource.Of(root, reach, number => _members.GetValueOrDefault(number));
    }

    /// <summary>Between finding a number and opening its pidfd: where a test lets the number be reused.</summary>
    internal Action<int>? BeforeOpening { get; init; }

    /// <summary>How many were found, the child not counted.</summary>
    internal int Found => _inOrder.Count;

    /// <summary>Why it is not known whether somebody was born unseen; null if that is known.</summary>
    internal SystemCallException? LastLookFailure { get; private set; }

    /// <summary>Looks for members that are not known yet. Once it is being killed, they are killed too.</summary>
    /// <param name="atOnce">Sent to each the moment it is found: who forks and ends is gone a millisecond later.</param>
    /// <returns>Those that are alive.</returns>
    internal List<TreeMember> Find(Signal? atOnce = null)
    {
        var added = new List<TreeMember>();
        if (_source is null)
        {
            return added;
        }

        var first = _killing ? Spork.Signal.SIGKILL : atOnce;
        if (_source.ConfirmsTogether)
        {
            Admit([.. _source.Candidates()], first, added);
            return added;
        }

        foreach (var number in _source.Candidates())
        {
            Admit([number], first, added);
        }

        return added;
    }

    /// <summary>Whether the child and all members that are known have ended.</summary>
    internal bool HasEnded() => _root.HasExited && _inOrder.TrueForAll(member => member.HasExited);

    /// <summary>To everybody who is known; each once.</summary>
    internal void Signal(Signal signal)
    {
        if (_source?.TrySignalAll(signal) == true)
        {
            return;
        }

        SignalRoot(signal);
        foreach (var member in _inOrder)
        {
            member.Signal(signal);
        }
    }

    /// <summary>
    /// Asks all of it to end, also what is just being born, and continues what was stopped. Nobody who takes the
    /// signal's default action can fork before.
    /// </summary>
    internal Task AskAsync(Signal signal, Pause pause)
    {
        if (_source is null)
        {
            SignalRoot(signal);
            SignalRoot(Spork.Signal.SIGCONT);
        }
        else if (_source.TrySignalAll(signal))
        {
            Signal(Spork.Signal.SIGCONT);
        }
        else
        {
            // It waits for them, each before its next instruction.
            return WhileFrozenAsync(signal, then: Spork.Signal.SIGCONT, pause);
        }

        return Task.CompletedTask;
    }

    /// <summary>SIGKILL to all of it, also to what is just being born. Does not wait for their ends.</summary>
    internal async Task KillAsync(Pause pause)
    {
        if (_source is not null && !_source.TrySignalAll(Spork.Signal.SIGKILL))
        {
            await WhileFrozenAsync(Spork.Signal.SIGKILL, then: null, pause).ConfigureAwait(false);
        }

        SignalRoot(Spork.Signal.SIGKILL);
        _killing = true;
        while (FindsMore())
        {
            // Killed as they are found.
        }
    }

    /// <summary>
    /// A last look, after all who are known were seen to. If it cannot be made (no descriptor left) that ruins nothing: it
    /// is remembered as <see cref="LastLookFailure"/>, unless the source can tell otherwise that nobody is left.
    /// </summary>
    /// <exception cref="SystemCallException">It could not be made, and somebody is known to be left.</exception>
    internal bool FindsMore()
    {
        try
        {
            LastLookFailure = null;
            return Find().Count > 0;
        }
        catch (SystemCallException e) when (_source!.IsEmpty() != false)
        {
            LastLookFailure = _source.IsEmpty() is null ? e : null;
            return false;
        }
    }

    /// <summary>
    /// SIGKILL to whoever can be reached without looking round: when no descriptor, no memory or no /proc is to be had.
    /// </summary>
    /// <returns>True if nobody escapes that: a cgroup that the kernel kills.</returns>
    internal bool KillBlindly()
    {
        var all = _source?.TrySignalAll(Spork.Signal.SIGKILL) == true;
        _source?.SignalMost(Spork.Signal.SIGKILL);
        SignalYoungestFirst(Spork.Signal.SIGKILL);
        return all && _source!.IsEmpty() is not null;
    }

    /// <summary>After <see cref="KillBlindly"/> has reached all of it: whether they are gone.</summary>
    internal bool IsEmpty() => _source?.IsEmpty() != false;

    /// <summary>The ends to wait for; not of those that cannot be signalled.</summary>
    internal IEnumerable<Task> Ends()
    {
        if (!_rootRefused)
        {
            yield return _root.WaitAsync();
        }

        foreach (var member in _inOrder)
        {
            if (!member.HasRefused)
            {
                yield return member.ExitAsync();
            }
        }
    }

    /// <summary>Nothing is left: what was made for it can go.</summary>
    internal void OnGone() => _source?.OnGone();

    /// <exception cref="SystemCallException">EPERM: somebody runs as another user by now, and runs on.</exception>
    internal void ThrowIfRefused()
    {
        var refused = _inOrder.Where(m => m.HasRefused && !m.HasExited).Select(m => m.Number).ToList();
        if (_rootRefused && !_root.HasExited)
        {
            refused.Insert(0, _root.Id);
        }

        if (refused.Count > 0)
        {
            var who = refused.Count == 1 ? $"process {refused[0]}" : $"processes {string.Join(", ", refused)}";
            throw new SystemCallException("pidfd_send_signal", $"{who}, to stop it", Errno.EPERM);
        }
    }

    public void Dispose()
    {
        foreach (var member in _inOrder)
        {
            member.Dispose();
        }
    }

    private void Admit(int[] candidates, Signal? first, List<TreeMember> added)
    {
        var opened = new List<TreeMember>();
        try
        {
            foreach (var number in candidates)
            {
                if (number != Environment.ProcessId && !IsKnown(number))
                {
                    BeforeOpening?.Invoke(number);
                    if (TreeMember.Open(number) is { } member)
                    {
                        opened.Add(member);
                    }
                }
            }

            foreach (var member in _source!.Confirmed(opened))
            {
                if (member.HoldsNumber && !member.HasExited)
                {
                    if (first is { } signal)
                    {
                        member.Signal(signal);
                    }

                    added.Add(member);
                    _members[member.Number] = member;
                    _inOrder.Add(member);
                }
            }
        }
        finally
        {
            foreach (var member in opened.Except(added))
            {
                member.Dispose();
            }
        }
    }

    // Whatever goes wrong in between: those who were found get the signal, and nobody stays behind stopped.
    private async Task WhileFrozenAsync(Signal signal, Signal? then, Pause pause)
    {
        var byItself = await _source!.TryFreezeAsync(pause).ConfigureAwait(false);
        try
        {
            if (byItself)
            {
                Find();
            }
            else
            {
                await StopOneByOneAsync(pause).ConfigureAwait(false);
            }
        }
        finally
        {
            SignalYoungestFirst(signal);
            _source.SignalMost(then ?? signal);
            if (then is { } last)
            {
                SignalYoungestFirst(last);
            }

            if (byItself)
            {
                _source.Thaw();
            }
        }
    }

    private async Task StopOneByOneAsync(Pause pause)
    {
        SignalRoot(Spork.Signal.SIGSTOP);
        _inOrder.ForEach(member => member.Signal(Spork.Signal.SIGSTOP));
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            _source!.SignalMost(Spork.Signal.SIGSTOP);
            var still = AreStill();
            var late = Find(atOnce: Spork.Signal.SIGSTOP);
            if (late.Count > 0)
            {
                started = Stopwatch.GetTimestamp();
            }
            else if (still || Stopwatch.GetElapsedTime(started) > StillPatience)
            {
                return;
            }
            else
            {
                await pause.TakeAsync().ConfigureAwait(false);
            }
        }
    }

    private bool AreStill() =>
        (_rootRefused || _root.HasExited || ProcStat.IsStill(_root.Id))
        && _inOrder.TrueForAll(member => member.HasRefused || member.HasExited || ProcStat.IsStill(member.Number));

    private void SignalYoungestFirst(Signal signal)
    {
        for (var i = _inOrder.Count - 1; i >= 0; i--)
        {
            _inOrder[i].Signal(signal);
        }

        SignalRoot(signal);
    }

    // A number whose holder has ended may be another process's by now.
    private bool IsKnown(int number) =>
        _members.TryGetValue(number, out var member)
            ? member.HoldsNumber
            : number == _root.Id && _root.HoldsOwnNumber();

    private void SignalRoot(Signal signal)
    {
        try
        {
            _root.SendSignal(signal);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPERM)
        {
            _rootRefused = true;
        }
    }
}
