using System.Threading.Tasks.Sources;

namespace Spork.Spawning;

/// <summary>One direction of an <see cref="AsyncDescriptor"/>: who waits for it, or that it may be tried again.</summary>
/// <remarks>
/// The kernel reports an edge once. So: whoever got EAGAIN comes here; if an edge came since its attempt began, it tries
/// again at once, else it is woken by the next. One waiter at a time, as with every stream. Reused from wait to wait,
/// nothing is allocated for one.
/// A callback of a wait that is over may still be on its way: Unregister does not wait for it. So it brings its token, and
/// ends only a wait with the same one. A token once cancelled stays so, hence a later wait with it ends rightly.
/// </remarks>
internal sealed class Readiness : IValueTaskSource
{
    private readonly object _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellationToken;
    private bool _edge;
    private bool _waiting;
    private bool _closed;

    /// <summary>Completes when it is worth another attempt.</summary>
    /// <exception cref="InvalidOperationException">Somebody waits already.</exception>
    /// <exception cref="ObjectDisposedException">Closed, also meanwhile.</exception>
    internal ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        short version;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(Stream));
            if (_edge)
            {
                _edge = false;
                return default;
            }

            if (_waiting)
            {
                throw new InvalidOperationException("The stream is in use: one operation of a kind at a time.");
            }

            _core.Reset();
            _waiting = true;
            _cancellationToken = cancellationToken;
            version = _core.Version;
        }

        // Outside the lock: an already cancelled token calls back at once.
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.UnsafeRegister(static (s, t) => ((Readiness)s!).Cancel(t), this);
            lock (_gate)
            {
                if (_waiting && _core.Version == version)
                {
                    _registration = registration;
                    registration = default;
                }
            }

            // It is over already.
            registration.Dispose();
        }

        return new ValueTask(this, version);
    }

    /// <summary>Blocks until it is worth another attempt. Needs no thread of the pool to be free.</summary>
    internal void Wait()
    {
        lock (_gate)
        {
            if (_waiting)
            {
                throw new InvalidOperationException("The stream is in use: one operation of a kind at a time.");
            }

            while (!_edge && !_closed)
            {
                Monitor.Wait(_gate);
            }

            ObjectDisposedException.ThrowIf(_closed, typeof(Stream));
            _edge = false;
        }
    }

    /// <summary>From the reactor.</summary>
    internal void Signal()
    {
        lock (_gate)
        {
            _edge = !TryFinish();
            if (_edge)
            {
                Monitor.PulseAll(_gate);
                return;
            }

            _core.SetResult(true);
        }
    }

    /// <summary>Whoever waits gets <see cref="ObjectDisposedException"/>, and so does whoever comes.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
            if (TryFinish())
            {
                _core.SetException(new ObjectDisposedException(nameof(Stream), "The stream was closed meanwhile."));
            }
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            lock (_gate)
            {
                if (!_waiting && _core.Version == token)
                {
                    // Lets go of the continuation: the reactor keeps this object, which would keep whoever waited.
                    _core.Reset();
                }
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancelled)
    {
        lock (_gate)
        {
            if (_cancellationToken == cancelled && TryFinish())
            {
                _core.SetException(new OperationCanceledException(cancelled));
            }
        }
    }

    // Under the lock. Unregister, unlike Dispose, does not wait for a callback that may be waiting for this lock.
    private bool TryFinish()
    {
        if (!_waiting)
        {
            return false;
        }

        _waiting = false;
        _cancellationToken = default;
        _registration.Unregister();
        _registration = default;
        return true;
    }
}
