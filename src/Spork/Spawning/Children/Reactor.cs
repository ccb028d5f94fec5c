using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// One thread with one epoll instance over every pidfd: reaps each child the moment it exits, whether or not anybody
/// still holds or awaits it.
/// </summary>
/// <remarks>
/// Always on, because a zombie is not only untidy: one whose pid an undisposed System.Diagnostics.Process also holds
/// makes the runtime's SIGCHLD handler spin at 100 % with its lock taken. A synchronous waiter takes its child out and
/// waits on the pidfd itself, which saves the hop. Events carry an id, not a reference: an event already fetched when
/// its child is taken out finds nobody, and that is fine.
/// </remarks>
internal sealed unsafe class Reactor
{
    private const int Batch = 64;
    private const int LookAgainMilliseconds = 10;

    private static readonly Lock Creation = new();
    private static Reactor? s_instance;

    private readonly Descriptor _epoll;
    private readonly Dictionary<long, ChildProcess> _children = [];

    // Exited, but a tracer holds them back: readable all the time, so each event comes once (EPOLLONESHOT) and these are
    // looked at again now and then. Only the reactor's own thread touches it.
    private readonly List<ChildProcess> _lingering = [];
    private long _nextId;

    private Reactor(Descriptor epoll) => _epoll = epoll;

    /// <summary>The one reactor; made at the first start.</summary>
    /// <exception cref="SystemCallException">No descriptor or no thread is to be had for it.</exception>
    internal static Reactor Instance
    {
        get
        {
            if (Volatile.Read(ref s_instance) is { } reactor)
            {
                return reactor;
            }

            lock (Creation)
            {
                return s_instance ??= Create();
            }
        }
    }

    /// <summary>Watches the child; false if the kernel refuses (ENOSPC, ENOMEM).</summary>
    internal bool TryAdd(ChildProcess child)
    {
        lock (_children)
        {
            var id = ++_nextId;
            var watched = new EpollEvent { Events = Epoll.EPOLLIN | Epoll.EPOLLONESHOT, Data = id };
            if (
                Sys.Call(Syscall.epoll_ctl, _epoll.Number, Epoll.EPOLL_CTL_ADD, child.PidFd.Number, (nint)(&watched))
                != 0
            )
            {
                return false;
            }

            child.ReactorId = id;
            _children.Add(id, child);
            return true;
        }
    }

    internal void Remove(ChildProcess child)
    {
        lock (_children)
        {
            if (_children.Remove(child.ReactorId))
            {
                // Only fails if it is not there, and the table says it is.
                Sys.Call(Syscall.epoll_ctl, _epoll.Number, Epoll.EPOLL_CTL_DEL, child.PidFd.Number, 0);
            }

            child.ReactorId = 0;
        }
    }

    private static Reactor Create()
    {
        var result = Sys.Call(Syscall.epoll_create1, Epoll.EPOLL_CLOEXEC);
        if (result < 0)
        {
            throw new SystemCallException("epoll_create1", "the reactor", Sys.ErrnoOf(result));
        }

        var epoll = new Descriptor((int)result);
        try
        {
            var reactor = new Reactor(epoll);
            ServiceThread.Start("spork reactor", reactor.Loop);
            return reactor;
        }
        catch
        {
            epoll.Dispose();
            throw;
        }
    }

    private void Loop()
    {
        var events = (EpollEvent*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(EpollEvent));
        while (true)
        {
            var patience = _lingering.Count == 0 ? -1 : LookAgainMilliseconds;
            var count = Sys.CallRestarting(Syscall.epoll_wait, _epoll.Number, (nint)events, Batch, patience);
            if (count < 0)
            {
                LookAtAll();
                continue;
            }

            for (var i = 0; i < count; i++)
            {
                ChildProcess? child;
                lock (_children)
                {
                    _children.TryGetValue(events[i].Data, out child);
                }

                if (child is not null && !child.OnExitedInReactor())
                {
                    _lingering.Add(child);
                }
            }

            _lingering.RemoveAll(child => child.OnExitedInReactor());
        }
    }

    // A filter refuses epoll_wait: ask every child now and then, rather than spin on the refusal or reap no more.
    private void LookAtAll()
    {
        Thread.Sleep(LookAgainMilliseconds);
        ChildProcess[] children;
        lock (_children)
        {
            children = [.. _children.Values];
        }

        foreach (var child in children)
        {
            if (child.HasEnded())
            {
                child.OnExitedInReactor();
            }
        }
    }
}
