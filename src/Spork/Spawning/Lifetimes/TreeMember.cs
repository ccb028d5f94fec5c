using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A process of a tree, held by a pidfd: whatever is sent goes to it or to nobody. Its number is only good for looking
/// it up in /proc, and only while <see cref="HoldsNumber"/> says so afterwards.
/// </summary>
internal sealed class TreeMember : IReactorSource, IDisposable
{
    private readonly Descriptor _pidFd;
    private TaskCompletionSource? _exit;
    private Reactor? _reactor;

    private TreeMember(int number, Descriptor pidFd)
    {
        Number = number;
        _pidFd = pidFd;
    }

    internal int Number { get; }

    /// <summary>EPERM: it runs as somebody we may not signal.</summary>
    internal bool HasRefused { get; private set; }

    /// <summary>It has exited; it may still be a zombie.</summary>
    internal bool HasExited => Reaper.HasExited(_pidFd);

    /// <summary>
    /// Whether the number is still this process's, a zombie's included: if so, what was read under it before was about
    /// this process.
    /// </summary>
    internal bool HoldsNumber =>
        Sys.Call(Syscall.pidfd_send_signal, _pidFd.Number, 0) is var result && result != -Errno.ESRCH.Value;

    Descriptor IReactorSource.Watched => _pidFd;

    uint IReactorSource.Interest => Epoll.EPOLLIN | Epoll.EPOLLONESHOT;

    long IReactorSource.ReactorId { get; set; }

    /// <summary>Whoever has the number now; null if nobody.</summary>
    /// <exception cref="SystemCallException">EMFILE, ENFILE, ENOMEM.</exception>
    internal static TreeMember? Open(int number)
    {
        var result = Sys.Call(Syscall.pidfd_open, number);
        if (result >= 0)
        {
            return new TreeMember(number, new Descriptor((int)result));
        }

        // ESRCH: gone. EINVAL, on older kernels: on its way out.
        var errno = Sys.ErrnoOf(result);
        return errno == Errno.ESRCH || errno == Errno.EINVAL
            ? null
            : throw new SystemCallException("pidfd_open", $"process {number}", errno);
    }

    internal void Signal(Signal signal)
    {
        var result = Sys.Call(Syscall.pidfd_send_signal, _pidFd.Number, signal.Number);
        HasRefused = result == -Errno.EPERM.Value;
    }

    /// <summary>Completes when it has exited. Nothing is parked for it, unless the kernel refuses to watch it.</summary>
    internal Task ExitAsync()
    {
        if (_exit is not null)
        {
            return _exit.Task;
        }

        _exit = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reactor = Reactor.Instance;
        if (reactor.TryAdd(this) == default)
        {
            _reactor = reactor;
        }
        else
        {
            ServiceThread.Start("spork tree", WaitOnOwnThread);
        }

        return _exit.Task;
    }

    public void Dispose()
    {
        // Before it is closed: the number may be another descriptor's at once.
        _reactor?.Remove(this);
        _pidFd.Dispose();
    }

    bool IReactorSource.OnReady(uint events)
    {
        _exit!.TrySetResult();
        return true;
    }

    bool IReactorSource.MayBeReady() => HasExited;

    private void WaitOnOwnThread()
    {
        var held = false;
        try
        {
            _pidFd.DangerousAddRef(ref held);
            Reaper.WaitUntilExited(_pidFd);
            _exit!.TrySetResult();
        }
        catch (ObjectDisposedException)
        {
            // Nobody waits any more.
        }
        finally
        {
            if (held)
            {
                _pidFd.DangerousRelease();
            }
        }
    }
}
