using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A process that exists, has a pid, has made its preparations or is making them, and waits for a go before it becomes
/// the program. What fails before the gate is thrown by <see cref="Release"/>. If this process dies, so does it, within
/// half a second. Thread safe.
/// </summary>
public sealed class GatedChild : IDisposable
{
    private readonly PendingStart _operation;
    private readonly StreamSetup? _streams;
    private int _released;

    internal GatedChild(PendingStart operation, StreamSetup? streams)
    {
        _operation = operation;
        _streams = streams;
    }

#pragma warning disable MA0055 // No handle to wrap: a child at the gate would look for its parent for ever.
    /// <summary>Forgotten without a release: the child goes too.</summary>
    ~GatedChild()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _operation.Cancel();
        }
    }
#pragma warning restore MA0055

    /// <summary>The process's number.</summary>
    public int Id => _operation.Child.Id;

    /// <summary>The pidfd.</summary>
    public SafeHandle Handle => _operation.Child.Handle;

    /// <summary>Lets it become the program, and waits until it has.</summary>
    /// <param name="cancellationToken">Kills it if it has not become the program yet.</param>
    /// <exception cref="SpawnException">It could not be started.</exception>
    /// <exception cref="InvalidOperationException">It was released before, or given up.</exception>
    public ChildProcess Release(CancellationToken cancellationToken = default) =>
        GoAsync(cancellationToken).GetAwaiter().GetResult();

    /// <summary>Lets it become the program; completes when it has. Parks no thread.</summary>
    /// <inheritdoc cref="Release"/>
    public ValueTask<ChildProcess> ReleaseAsync(CancellationToken cancellationToken = default) =>
        new(GoAsync(cancellationToken));

    /// <summary>If it was not released: kills it, and waits until it is gone.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _operation.Cancel();
            // Whatever came of it, it is over now.
            ((IAsyncResult)_operation.Completion).AsyncWaitHandle.WaitOne();
            _ = _operation.Completion.Exception;
            _streams?.Dispose();
        }
    }

    private Task<ChildProcess> GoAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _released, 1) != 0)
        {
            throw new InvalidOperationException("The child was released before, or given up.");
        }

        _operation.CancelWith(cancellationToken);
        _operation.OpenGate();
        return _streams is null ? _operation.Completion : _streams.HandOverAsync(_operation.Completion);
    }
}
