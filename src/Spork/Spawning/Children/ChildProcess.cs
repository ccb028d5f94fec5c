using System.Diagnostics;
using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A process started by this one, held by a pidfd: a reference to that process and no other, however often its number
/// is reused. Thread safe.
/// </summary>
/// <remarks>
/// It is reaped as soon as it exits, whether or not anybody waits or still holds this object. Disposing it neither kills
/// the process nor leaves a zombie.
/// </remarks>
public sealed partial class ChildProcess : IDisposable, IReactorSource
{
    private readonly Lock _lock = new();
    private readonly long _startTimestamp;
    private StartOperation? _start;
    private Reactor? _reactor;
    private TaskCompletionSource<ExitStatus>? _completion;
    private ExitStatus? _status;
    private bool _claimed;
    private bool _disposed;

    internal ChildProcess(int id, Descriptor pidFd, long startTimestamp, StartOperation? start)
    {
        Id = id;
        PidFd = pidFd;

        // Whoever disposes Handle closes it for themselves; until the child is reaped the number must stay ours.
        var held = false;
        pidFd.DangerousAddRef(ref held);
        StartTime = DateTimeOffset.UtcNow;
        _startTimestamp = startTimestamp;
        _start = start;
    }

    /// <summary>The process's number. Use <see cref="SendSignal(Signal)"/> rather than this to signal it.</summary>
    public int Id { get; }

    /// <summary>
    /// The pidfd, close-on-exec; for poll, setns, pidfd_getfd and their like. Closed by <see cref="Dispose"/>. On the rung
    /// posix_spawn, where SIGCHLD is ignored, a process may be over before it can be had: then it is a pipe that has ended.
    /// </summary>
    /// <exception cref="Testing.CommandDoubleException">It is the double of a test, and no process.</exception>
    public SafeHandle Handle =>
        PidFd is DoublePidFd
            ? throw new Testing.CommandDoubleException(
                $"Process {Id} is a double: there is no process behind a handle."
            )
            : PidFd;

    /// <summary>When it was made.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>From just before it was made until it had become the program.</summary>
    public TimeSpan StartDuration { get; private set; }

    /// <summary>How it ended, or null while it runs.</summary>
    public ExitStatus? ExitStatus => HasExited ? _status : null;

    /// <summary>Whether it has ended. Asks the kernel.</summary>
    public bool HasExited
    {
        get
        {
            if (Volatile.Read(ref _status) is not null)
            {
                return true;
            }

            lock (_lock)
            {
                // Somebody is waiting for it in the kernel and will have the status.
                return _status is not null || (!_claimed && TryReap());
            }
        }
    }

    internal Descriptor PidFd { get; }

    Descriptor IReactorSource.Watched => PidFd;

    uint IReactorSource.Interest => Epoll.EPOLLIN | Epoll.EPOLLONESHOT;

    long IReactorSource.ReactorId { get; set; }

    /// <summary>Null unless somebody listened when it was started.</summary>
    internal StartTelemetry? Telemetry { get; set; }

    /// <summary>As the kernel told it, once reaped.</summary>
    internal RawExit Raw { get; private set; }

    /// <summary>Its number and, once it has ended, how.</summary>
    public override string ToString() => _status is { } status ? $"process {Id}, {status}" : $"process {Id}";

    /// <summary>
    /// Lets go of the process: closes the pidfd and our ends of its pipes, stops its relays, and hangs up its
    /// <see cref="Terminal"/>. It runs on unless that ends it, and will still be reaped.
    /// </summary>
    public void Dispose()
    {
        _streams?.Dispose();
        Terminal?.Dispose();
        lock (_lock)
        {
            _disposed = true;
            if (_status is not null)
            {
                PidFd.Dispose();
            }
        }
    }

    /// <summary>The reactor reaps it from now on; or, if the kernel refuses that, a thread of its own.</summary>
    /// <exception cref="SystemCallException">Neither is to be had.</exception>
    internal void WatchWith(Reactor reactor)
    {
        lock (_lock)
        {
            if (PidFd is LostPidFd)
            {
                return;
            }

            if (reactor.TryAdd(this) == default)
            {
                _reactor = reactor;
                return;
            }
        }

        try
        {
            ServiceThread.Start("spork reaper", ReapOnOwnThread);
        }
        catch (SystemCallException)
        {
            // Neither the one nor the other: it must be reaped all the same, if the pool has a thread at all.
            try
            {
                ThreadPool.UnsafeQueueUserWorkItem(static child => child.ReapOnOwnThread(), this, preferLocal: false);
            }
            catch (OutOfMemoryException)
            {
                throw new SystemCallException("epoll_ctl", "the reactor, and no thread in its place", Errno.EAGAIN);
            }
        }
    }

    internal void StartSucceeded()
    {
        StartDuration = Stopwatch.GetElapsedTime(_startTimestamp);
        _start = null;
        Telemetry?.Started(Id, StartDuration);
    }

    /// <summary>Whether there is something to reap, or it was reaped.</summary>
    bool IReactorSource.MayBeReady()
    {
        lock (_lock)
        {
            // Once reaped the pidfd may be closed.
            return _status is not null || Reaper.HasExited(PidFd);
        }
    }

    /// <summary>It has exited. False if it cannot be reaped yet: a tracer that is not its parent has it first.</summary>
    bool IReactorSource.OnReady(uint events) => OnExited();

    private bool OnExited()
    {
        if (Volatile.Read(ref _start)?.OnExited() == false)
        {
            return false;
        }

        lock (_lock)
        {
            return _status is not null || _claimed || TryReap();
        }
    }

    /// <summary>As <see cref="ReapEnded"/>, without waiting: false if it cannot be reaped yet.</summary>
    internal bool TryReapEnded()
    {
        lock (_lock)
        {
            if (_status is null && !TryReap())
            {
                return false;
            }

            Dispose();
            return true;
        }
    }

    /// <summary>It is gone, or going, and nobody has it: not the caller, not the reactor.</summary>
    internal void ReapEnded()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_status is null)
            {
                Reaper.Reap(PidFd, block: true, out var exit);
                Publish(exit);
            }
        }
    }

    /// <summary>It has ended and nobody has it. Reaps it if it had become the program, and says so.</summary>
    internal bool TryReapProgram()
    {
        lock (_lock)
        {
            if (_status is not null || !Reaper.TryReapProgram(PidFd, out var exit))
            {
                return false;
            }

            _disposed = true;
            Publish(exit);
            return true;
        }
    }

    private void ReapOnOwnThread()
    {
        Reaper.WaitForExit(PidFd);
        OnExited();
    }

    // Under the lock.
    private bool TryReap()
    {
        if (!Reaper.Reap(PidFd, block: false, out var exit))
        {
            return false;
        }

        Publish(exit);
        return true;
    }

    // Under the lock, once.
    private void Publish(RawExit exit)
    {
        Raw = exit;
        var usage = exit.HasUsage ? exit.Usage.ToResourceUsage() : null;
        Volatile.Write(
            ref _status,
            new ExitStatus(
                Options?.ShownProgram,
                exit.Kind,
                exit.Value,
                exit.CoreDumped,
                usage,
                StartTime,
                Stopwatch.GetElapsedTime(_startTimestamp)
            )
        );
        _reactor?.Remove(this);
        Cgroup?.OnChildEnded();
        PidFd.DangerousRelease();
        if (_disposed)
        {
            PidFd.Dispose();
        }

        Telemetry?.Reaped(_status!);
        _completion?.TrySetResult(_status!);
    }
}
