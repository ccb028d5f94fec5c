using Spork.Spawning;

namespace Spork;

// How long it lives, and how it ends.
public sealed partial class Command
{
    /// <summary>
    /// How it is stopped when nothing else is said: by cancellation of <see cref="Run(CancellationToken)"/> and its like,
    /// which then ask before they force; by <see cref="ChildProcess.StopAsync(StopOptions?, CancellationToken)"/>; by a
    /// <see cref="ProcessScope"/>; and by the end of a <see cref="Pipeline"/> that it is in, if that is cancelled or out of
    /// time. Without: cancellation is SIGKILL, and so is the time of another command of the pipeline; the others are
    /// <see cref="StopOptions.Default"/>.
    /// </summary>
    public Command WithStop(StopOptions stop)
    {
        ArgumentNullException.ThrowIfNull(stop);
        return new(_options with { Stop = stop });
    }

    /// <summary>
    /// <see cref="Run(CancellationToken)"/> and its like stop it after this time, counted from the moment before its start,
    /// so that a start that blocks is given up as well (in a pipeline: from before the start of this command), and throw
    /// <see cref="CommandTimeoutException"/>. How: <see cref="WithStop"/>, else <see cref="StopOptions.Default"/>. Of no
    /// meaning to <see cref="Start"/>, <see cref="OpenPipe(FileAccess, CancellationToken)"/> and
    /// <see cref="StartInTerminal"/>: who holds the child decides when it is stopped.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no timeout.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not positive, and not infinite.</exception>
    public Command WithTimeout(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return new(_options with { Timeout = null });
        }

        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        return new(_options with { Timeout = timeout });
    }

    /// <summary>
    /// When this process ends, however it ends, the kernel sends the child SIGKILL: also after SIGKILL of this process, an
    /// asynchronous start, or a start on a pool thread. It covers the child, not what that has started, and is lost by a
    /// program that changes its credentials at exec (sudo). See PR_SET_PDEATHSIG(2const).
    /// </summary>
    /// <remarks>
    /// The same goes, silently, for user 0 with fewer permitted capabilities than its bounding set holds: exec gives it all
    /// of them, which is a change of credentials. Bound it as well (<see cref="WithCapabilities"/>), or set
    /// <see cref="WithNoNewPrivileges"/>, under which exec gives nobody more.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The command is detached: it outlives this process.</exception>
    public Command WithKillOnParentExit() => WithParentDeathSignal(Signal.SIGKILL);

    /// <summary>
    /// Lives on without this process and its terminal: in a new session, so no hang-up and no Ctrl-C reaches it, and with
    /// <see cref="Stdio.Null"/> for each standard stream that is inherited by now. Say <c>WithStandardOutput</c>
    /// afterwards for another.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// A parent-death signal, or a process group that is not the child's own, was asked for.
    /// </exception>
    public Command WithDetached()
    {
        if (_options.ParentDeathSignal is not null)
        {
            throw new InvalidOperationException(DetachedConflict("A parent-death signal"));
        }

        if (_options.Terminal is not null)
        {
            throw new InvalidOperationException(DetachedConflict("A pseudo-terminal"));
        }

        // A session's leader leads its own group, which is what group 0 means.
        if (_options.ProcessGroup is > 0)
        {
            throw new InvalidOperationException(DetachedConflict("Another's process group"));
        }

        var descriptors = _options.Descriptors;
        for (var number = 0; number <= 2; number++)
        {
            descriptors = descriptors[number] == Stdio.Inherit ? descriptors.SetItem(number, Stdio.Null) : descriptors;
        }

        return new(
            _options with
            {
                Detached = true,
                NewSession = true,
                ProcessGroup = null,
                Descriptors = descriptors,
            }
        );
    }

    /// <summary>Starts it detached (see <see cref="WithDetached"/>). As long as this process lives it reaps it.</summary>
    /// <inheritdoc cref="Start"/>
    public ChildProcess StartDetached(CancellationToken cancellationToken = default) =>
        (_options.Detached ? this : WithDetached()).Start(cancellationToken);

    /// <summary>
    /// Born in a cgroup (v2) of its own, made for this start below the one this process is in, and removed when it is
    /// empty: whatever it starts stays in there, so <see cref="StopReach.Tree"/> is complete, daemons included.
    /// </summary>
    /// <param name="required">
    /// False: only where it can be; else it is started without, and <see cref="ChildProcess.OwnCgroup"/> is null.
    /// </param>
    /// <exception cref="InvalidOperationException">Another cgroup was asked for.</exception>
    public Command WithOwnCgroup(bool required = true) =>
        _options.HasCgroup
            ? throw new InvalidOperationException("It cannot be born in a cgroup of its own and in another one.")
            : new(_options with { OwnCgroup = required });

    /// <summary>Its timeout is measured with this: for tests, whose clock passes when they say so.</summary>
    internal Command WithClock(TimeProvider clock) => new(_options with { Clock = clock });

    private static string DetachedConflict(string what) =>
        $"{what} and a detached start exclude each other: what is detached lives on without this process.";

    private void RefuseIfDetached(string what)
    {
        if (_options.Detached)
        {
            throw new InvalidOperationException(DetachedConflict(what));
        }
    }

    private T WithoutOwn<T>(T cgroup) =>
        _options.OwnCgroup is null
            ? cgroup
            : throw new InvalidOperationException("It cannot be born in a cgroup of its own and in another one.");

    private StartOperation LaunchInOwnCgroup(StartMode mode, StartTelemetry? telemetry)
    {
        var required = _options.OwnCgroup == true;
        OwnCgroup? cgroup = null;
        try
        {
            // By hand, on the lower rung, the child would join too late to have its failure mean "none to be had".
            cgroup = required || mode.Rung == Rung.Clone3 ? OwnCgroup.Create() : null;
            var operation = new Command(_options with { OwnCgroup = null, CgroupPath = cgroup?.Path }).LaunchHere(
                mode,
                telemetry
            );
            if (cgroup is not null)
            {
                operation.Child.Own(cgroup);
            }

            return operation;
        }
        catch (SystemCallException e)
        {
            return required ? throw SpawnException.NoOwnCgroup(_options, e) : Without();
        }
        catch (SpawnException e) when (cgroup is not null && !required && OwnCgroup.IsRefusal(e))
        {
            cgroup.Abandon();
            return Without();
        }
        catch
        {
            cgroup?.Abandon();
            throw;
        }

        StartOperation Without() => new Command(_options with { OwnCgroup = null }).LaunchHere(mode, telemetry);
    }
}
