using System.Buffers;

namespace Spork.Spawning;

/// <summary>Where the bytes of one pipe go during one start. One call at a time.</summary>
internal abstract class OutputSink
{
    // As much as a pipe holds: one read empties it.
    internal const int BlockSize = 64 * 1024;

    private byte[]? _block;

    /// <summary>Before the first read: whatever has to be waited for.</summary>
    internal virtual ValueTask OpenAsync(CancellationToken cancellationToken) => default;

    /// <summary>Room for the next read.</summary>
    internal virtual Memory<byte> GetMemory() => _block ??= ArrayPool<byte>.Shared.Rent(BlockSize);

    /// <summary>Nothing was read into it, and it may be long until there is: 2,000 idle pipes hold no memory.</summary>
    internal virtual void LetGoOfMemory()
    {
        if (_block is { } block)
        {
            _block = null;
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>
    /// So many bytes were read into it. Completes when the next may come: this is the back-pressure. After an exception the
    /// block is dropped and not pooled, because the target may still look at it.
    /// </summary>
    internal virtual ValueTask CommitAsync(int count, CancellationToken cancellationToken) =>
        ConsumeAsync(_block.AsMemory(0, count), cancellationToken);

    /// <summary>The bytes are valid until it completes.</summary>
    internal abstract ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>There is no more.</summary>
    internal virtual ValueTask CompleteAsync(CancellationToken cancellationToken) => default;

    /// <summary>Whatever happened: closes what it opened.</summary>
    internal virtual void Close() { }
}
