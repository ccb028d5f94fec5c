using System.Text;

namespace Spork.Spawning;

/// <summary>Lines into a delegate.</summary>
internal sealed class LinesOutput(Func<string, CancellationToken, ValueTask> consume, Encoding encoding, int maximum)
    : OutputRelay
{
    internal override string Name => "to lines";

    internal override OutputSink CreateSink(int number) => new Sink(consume, encoding, maximum);

    private sealed class Sink(Func<string, CancellationToken, ValueTask> consume, Encoding encoding, int maximum)
        : OutputSink
    {
        private readonly LineSplitter _lines = new(encoding, maximum);

        internal override async ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _lines.Append(bytes.Span);
            await PassOnAsync(cancellationToken).ConfigureAwait(false);
        }

        internal override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            _lines.End();
            await PassOnAsync(cancellationToken).ConfigureAwait(false);
        }

        private async ValueTask PassOnAsync(CancellationToken cancellationToken)
        {
            while (_lines.TryTake() is { } line)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await consume(line, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
