using System.Text;

namespace Spork.Spawning;

/// <summary>Decoded into a string builder.</summary>
internal sealed class TextOutput(StringBuilder target, Encoding encoding) : OutputRelay
{
    internal override string Name => "to a StringBuilder";

    internal override bool IsExclusive => true;

    internal override OutputSink CreateSink(int number) => new Sink(target, encoding);

    private sealed class Sink(StringBuilder target, Encoding encoding) : OutputSink
    {
        private readonly TextDecoder _decoder = new(encoding);

        internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            target.Append(_decoder.Decode(bytes.Span, flush: false));
            return default;
        }

        internal override ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            target.Append(_decoder.Decode([], flush: true));
            _decoder.LetGoOfMemory();
            return default;
        }
    }
}
