namespace Spork.Spawning;

/// <summary>Into a stream, which stays open.</summary>
internal sealed class StreamOutput(Stream target) : OutputRelay
{
    internal override string Name => $"to a {target.GetType().Name}";

    internal override bool IsExclusive => true;

    internal override OutputSink CreateSink(int number) => new Sink(target);

    private sealed class Sink(Stream target) : OutputSink
    {
        internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            target.WriteAsync(bytes, cancellationToken);

        internal override ValueTask CompleteAsync(CancellationToken cancellationToken) =>
            new(target.FlushAsync(cancellationToken));
    }
}
