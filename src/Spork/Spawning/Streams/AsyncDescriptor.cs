using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A descriptor that never blocks: our end of a pipe, or a terminal's master. Reads and writes are tried at once; only
/// where the kernel says EAGAIN the <see cref="Reactor"/> tells when to try again. No thread is parked by an
/// asynchronous wait, and nothing is allocated for one.
/// </summary>
/// <remarks>
/// <para>
/// O_NONBLOCK belongs to the open file description and not to the descriptor. A pipe has one description for each end,
/// so the child's end stays blocking, as programs expect. Never make one of a descriptor that is shared with somebody.
/// </para>
/// <para>
/// Registered once, edge-triggered, both directions, at the first EAGAIN: a stream that always has data costs no
/// epoll_ctl at all. Everything else is in <see cref="Readiness"/>.
/// </para>
/// </remarks>
internal sealed class AsyncDescriptor : IReactorSource, IDisposable
{
    private readonly Lock _registering = new();
    private readonly Readiness _readable = new();
    private readonly Readiness _writable = new();
    private Reactor? _reactor;
    private bool _disposed;

    private AsyncDescriptor(Descriptor descriptor) => Descriptor = descriptor;

    /// <summary>For ioctls and their like.</summary>
    internal Descriptor Descriptor { get; }

    Descriptor IReactorSource.Watched => Descriptor;

    uint IReactorSource.Interest => Epoll.EPOLLIN | Epoll.EPOLLOUT | Epoll.EPOLLET;

    long IReactorSource.ReactorId { get; set; }

    /// <summary>Takes the descriptor over, also if it throws.</summary>
    /// <exception cref="SystemCallException">fcntl(2) failed.</exception>
    internal static AsyncDescriptor Own(Descriptor descriptor)
    {
        var flags = Sys.Call(Syscall.fcntl, descriptor.Number, Fcntl.F_GETFL);
        var result =
            flags < 0 ? flags : Sys.Call(Syscall.fcntl, descriptor.Number, Fcntl.F_SETFL, flags | Fcntl.O_NONBLOCK);
        if (result < 0)
        {
            descriptor.Dispose();
            throw new SystemCallException("fcntl", $"descriptor {descriptor.Number}", Sys.ErrnoOf(result));
        }

        return new AsyncDescriptor(descriptor);
    }

    /// <summary>Bytes read, 0 at the end, or -errno. At most one waiter for reading at a time.</summary>
    internal async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = TryRead(buffer.Span);
            if (result != -Errno.EAGAIN.Value)
            {
                return result;
            }

            Watch();
            await _readable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes when it is worth another <see cref="TryRead"/> after one that said EAGAIN.</summary>
    internal ValueTask WaitUntilReadableAsync(CancellationToken cancellationToken)
    {
        Watch();
        return _readable.WaitAsync(cancellationToken);
    }

    /// <summary>Bytes written, perhaps not all, or -errno. At most one waiter for writing at a time.</summary>
    internal async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = TryWrite(buffer.Span);
            if (result != -Errno.EAGAIN.Value)
            {
                return result;
            }

            Watch();
            await _writable.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As <see cref="ReadAsync"/>, on this thread. Closing the descriptor wakes it.</summary>
    internal int Read(Span<byte> buffer)
    {
        while (true)
        {
            var result = TryRead(buffer);
            if (result != -Errno.EAGAIN.Value)
            {
                return result;
            }

            Watch();
            _readable.Wait();
        }
    }

    /// <summary>As <see cref="WriteAsync"/>, on this thread. Closing the descriptor wakes it.</summary>
    internal int Write(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            var result = TryWrite(buffer);
            if (result != -Errno.EAGAIN.Value)
            {
                return result;
            }

            Watch();
            _writable.Wait();
        }
    }

    /// <summary>One read(2): bytes, 0 at the end, or -errno, EAGAIN if there is nothing yet.</summary>
    internal unsafe int TryRead(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return (int)Held(Syscall.read, (nint)pointer, buffer.Length);
        }
    }

    /// <summary>One write(2): bytes, or -errno, EAGAIN if there is no room.</summary>
    internal unsafe int TryWrite(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return (int)Held(Syscall.write, (nint)pointer, buffer.Length);
        }
    }

    /// <summary>One fcntl(2) F_SETPIPE_SZ: the size it has now, or -errno.</summary>
    internal int TryResize(int size) => (int)Held(Syscall.fcntl, Fcntl.F_SETPIPE_SZ, size);

    /// <summary>Closes it. Whoever waits for it gets <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_registering)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;

            // Before it is closed: a copy in a process that is just being made would keep the registration alive.
            _reactor?.Remove(this);
        }

        _readable.Close();
        _writable.Close();
        Descriptor.Dispose();
    }

    bool IReactorSource.OnReady(uint events)
    {
        const uint over = Epoll.EPOLLERR | Epoll.EPOLLHUP;
        if ((events & (Epoll.EPOLLIN | over)) != 0)
        {
            _readable.Signal();
        }

        if ((events & (Epoll.EPOLLOUT | over)) != 0)
        {
            _writable.Signal();
        }

        return true;
    }

    bool IReactorSource.MayBeReady() => true;

    // The edge of what was ready before the registration is reported as well, so nothing is missed in between.
    private void Watch()
    {
        lock (_registering)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Stream));
            if (_reactor is not null)
            {
                return;
            }

            var reactor = Reactor.Instance;
            var errno = reactor.TryAdd(this);
            if (errno != default)
            {
                throw new SystemCallException("epoll_ctl", $"descriptor {Descriptor.Number}", errno);
            }

            _reactor = reactor;
        }
    }

    // Held open during the call: a number closed by another thread may be somebody else's by then.
    private nint Held(Syscall call, nint second, nint third)
    {
        var held = false;
        try
        {
            Descriptor.DangerousAddRef(ref held);
            return Sys.CallRestarting(call, Descriptor.Number, second, third);
        }
        finally
        {
            if (held)
            {
                Descriptor.DangerousRelease();
            }
        }
    }
}
