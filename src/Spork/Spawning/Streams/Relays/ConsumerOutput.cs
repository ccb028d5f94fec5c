namespace Spork.Spawning;

/// <summary>Bytes into a delegate.</summary>
internal sealed class ConsumerOutput(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> consume) : OutputRelay
{
    internal override string Name => "to a consumer";

    internal override OutputSink CreateSink(int number) => new Sink(consume);

    private sealed class Sink(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> consume) : OutputSink
    {
        internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            consume(bytes, cancellationToken);
    }
}
