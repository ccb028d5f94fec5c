using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// One thread with one epoll instance over every pidfd and every pipe: reaps each child the moment it exits, whether or
/// not anybody still holds or awaits it, and wakes whoever waits for a stream.
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
    private readonly Dictionary<long, IReactorSource> _sources = [];

    // Exited, but a tracer holds them back: readable all the time, so each event comes once (EPOLLONESHOT) and these are
    // looked at again now and then. Only the reactor's own thread touches it.
    private readonly List<IReactorSource> _lingering = [];
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

    /// <summary>Watches it; the errno if the kernel refuses (ENOSPC, ENOMEM; EPERM for what cannot be polled).</summary>
    internal Errno TryAdd(IReactorSource source)
    {
        lock (_sources)
        {
            var id = ++_nextId;
            var watched = new EpollEvent { Events = source.Interest, Data = id };
            var result = Sys.Call(
                Syscall.epoll_ctl,
                _epoll.Number,
                Epoll.EPOLL_CTL_ADD,
                source.Watched.Number,
                (nint)(&watched)
            );
            if (result != 0)
            {
                return Sys.ErrnoOf(result);
            }

            source.ReactorId = id;
            _sources.Add(id, source);
            return default;
        }
    }

    internal void Remove(IReactorSource source)
    {
        lock (_sources)
        {
            if (_sources.Remove(source.ReactorId))
            {
                // Only fails if it is not there, and the table says it is.
                Sys.Call(Syscall.epoll_ctl, _epoll.Number, Epoll.EPOLL_CTL_DEL, source.Watched.Number, 0);
            }

            source.ReactorId = 0;
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

            Dispatch(events, count);
        }
    }

    // Not inlined: this thread sleeps in Loop, perhaps for ever, and a local there would hold the last source until then
    // (in code that is not optimised), which a child or a pipe that was forgotten is not to be.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Dispatch(EpollEvent* events, nint count)
    {
        for (var i = 0; i < count; i++)
        {
            IReactorSource? source;
            lock (_sources)
            {
                _sources.TryGetValue(events[i].Data, out source);
            }

            if (source is not null && !source.OnReady(events[i].Events))
            {
                _lingering.Add(source);
            }
        }

        _lingering.RemoveAll(source => source.OnReady(Epoll.EPOLLIN));
    }

    // A filter refuses epoll_wait: ask everybody now and then, rather than spin on the refusal or reap no more.
    private void LookAtAll()
    {
        Thread.Sleep(LookAgainMilliseconds);
        IReactorSource[] sources;
        lock (_sources)
        {
            sources = [.. _sources.Values];
        }

        foreach (var source in sources)
        {
            if (source.MayBeReady())
            {
                source.OnReady(source.Interest);
            }
        }
    }
}
