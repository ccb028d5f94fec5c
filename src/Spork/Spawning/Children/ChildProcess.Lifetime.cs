using Spork.Linux;
using Spork.Spawning;

namespace Spork;

// What a stop has to know about it.
public sealed partial class ChildProcess
{
    /// <summary>
    /// The directory of the cgroup made for it by <see cref="Command.WithOwnCgroup"/>; null if none was made.
    /// </summary>
    public string? OwnCgroup => Cgroup?.Path;

    internal CommandOptions? Options { get; init; }

    internal OwnCgroup? Cgroup { get; private set; }

    /// <summary>As it was started: what it did since, nobody here knows.</summary>
    internal bool LeadsSession => Options is { NewSession: true };

    internal bool LeadsGroup => Options is { LeadsGroup: true };

    /// <summary>It was born in this one. It may have ended since.</summary>
    internal void Own(OwnCgroup cgroup)
    {
        lock (_lock)
        {
            Cgroup = cgroup;
            if (_status is not null)
            {
                cgroup.OnChildEnded();
            }
        }
    }

    /// <summary>Whether its number is its own yet: it runs, or is not reaped.</summary>
    internal bool HoldsOwnNumber() => SendRaw(0, 0) is { } result && result != -Errno.ESRCH.Value;

    /// <summary>
    /// Whether its number is taken by it, or by the group that it led: then the group, and the session, of that number
    /// are its own. Before kernel 6.9 only the first is known.
    /// </summary>
    internal bool HoldsNumber() =>
        HoldsOwnNumber()
        || (
            SendRaw(0, Linux.PidFd.PIDFD_SIGNAL_PROCESS_GROUP) is { } result
            && (result == 0 || result == -Errno.EPERM.Value)
        );

    /// <summary>To the group that it leads or led, in one blow; false if that cannot be done: EINVAL, EPERM.</summary>
    internal bool TrySignalGroup(Signal signal) =>
        SendRaw(signal.Number, Linux.PidFd.PIDFD_SIGNAL_PROCESS_GROUP) is { } result
        && (result == 0 || result == -Errno.ESRCH.Value);

    /// <summary>Whether somebody is left that a stop would reach; where that cannot be told, false.</summary>
    internal bool MayHaveLeftSomething() =>
        Options?.Stop?.Reach switch
        {
            StopReach.Tree when Cgroup is { } cgroup => !cgroup.IsEmpty(),
            StopReach.Tree or StopReach.ProcessGroup => LeadsGroup && HoldsNumber(),
            _ => false,
        };

    /// <summary>Keeps the pidfd open, whoever disposes what, until <see cref="ReleasePidFd"/>.</summary>
    internal void HoldPidFd()
    {
        var held = false;
        PidFd.DangerousAddRef(ref held);
    }

    internal void ReleasePidFd() => PidFd.DangerousRelease();

    // Null once the pidfd is closed, or if there never was one: nobody can say any more.
    private nint? SendRaw(int signal, uint flags)
    {
        if (PidFd is LostPidFd)
        {
            return null;
        }

        var held = false;
        try
        {
            PidFd.DangerousAddRef(ref held);
            return PidFd is DoublePidFd stand
                ? (stand.Process.Signal(signal == 0 ? default : new Signal(signal)) ? 0 : -Errno.ESRCH.Value)
                : Sys.Call(Syscall.pidfd_send_signal, PidFd.Number, signal, 0, (nint)flags);
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        finally
        {
            if (held)
            {
                PidFd.DangerousRelease();
            }
        }
    }
}
