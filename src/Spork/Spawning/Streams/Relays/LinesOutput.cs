using System.Text;

namespace Spork.Spawning;

/// <summary>Lines into a delegate.</summary>
internal sealed class LinesOutput(
    Func<string, CancellationToken, ValueTask> consume,
    Encoding encoding,
    int maximum,
    LineEnding ending
) : OutputRelay
{
    internal override string Name => "to lines";

    internal override OutputSink CreateSink(int number) =>
        new Sink(consume, new LineSplitter(encoding, maximum, ending));

    private sealed class Sink(Func<string, CancellationToken, ValueTask> consume, LineSplitter lines) : OutputSink
    {
        internal override async ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            lines.Append(bytes.Span);
            await PassOnAsync(cancellationToken).ConfigureAwait(false);
        }

        internal override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            lines.End();
            await PassOnAsync(cancellationToken).ConfigureAwait(false);
        }

        private async ValueTask PassOnAsync(CancellationToken cancellationToken)
        {
            while (lines.TryTake() is { } line)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await consume(line, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
