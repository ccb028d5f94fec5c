using System.Buffers;

namespace Spork.Spawning;

/// <summary>A text or bytes, known beforehand.</summary>
internal sealed class BytesInput(ReadOnlyMemory<byte> bytes) : InputRelay
{
    internal ReadOnlyMemory<byte> Bytes => bytes;

    internal override string Name => $"{bytes.Length} bytes";

    internal override Task FeedAsync(ChildInput input, CancellationToken cancellationToken) =>
        input.WriteAsync(bytes, cancellationToken).AsTask();
}

/// <summary>A stream, from where it stands to its end.</summary>
internal sealed class StreamInput(Stream source) : InputRelay
{
    private const int BlockSize = 64 * 1024;

    internal override string Name => $"from a {source.GetType().Name}";

    internal override bool IsExclusive => true;

    internal override async Task FeedAsync(ChildInput input, CancellationToken cancellationToken)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        int count;
        while ((count = await source.ReadAsync(block, cancellationToken).ConfigureAwait(false)) > 0)
        {
            await input.WriteAsync(block.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        // Not after an exception: a read that was given up may still write to it.
        ArrayPool<byte>.Shared.Return(block);
    }
}

/// <summary>A delegate that writes.</summary>
internal sealed class ProducerInput(Func<ChildInput, CancellationToken, Task> produce) : InputRelay
{
    internal override string Name => "from a producer";

    internal override Task FeedAsync(ChildInput input, CancellationToken cancellationToken) =>
        produce(input, cancellationToken)
        ?? throw new InvalidOperationException("The delegate given to Stdio.FromProducer returned null, and no task.");
}
