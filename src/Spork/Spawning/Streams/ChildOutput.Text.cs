using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Spork.Spawning;

namespace Spork;

// The same bytes as text.
public sealed partial class ChildOutput
{
    /// <summary>
    /// The lines that the program writes, as they come, without their ends. The last one may end with nothing. While
    /// nobody asks for the next line, nothing more is read, and the program waits when its pipe is full.
    /// </summary>
    /// <param name="encoding">Default: UTF-8; bytes that are no text become U+FFFD.</param>
    /// <param name="maximumLength">In characters; a longer line is refused rather than to fill memory.</param>
    /// <param name="ending">What ends a line. Default: \n or \r\n.</param>
    /// <param name="cancellationToken">Stops reading; the program runs on.</param>
    /// <exception cref="InvalidDataException">A line is longer than the maximum.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive, or there is no such ending.</exception>
    public IAsyncEnumerable<string> ReadLinesAsync(
        Encoding? encoding = null,
        int maximumLength = LineSplitter.DefaultMaximum,
        LineEnding ending = LineEnding.NewLine,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        return LinesAsync(
            new LineSplitter(encoding ?? Encoding.UTF8, maximumLength, LineSplitter.Check(ending)),
            cancellationToken
        );
    }

    /// <summary>Everything that is still to come, as text. Unbounded: a capture has a bound.</summary>
    /// <param name="encoding">Default: UTF-8; bytes that are no text become U+FFFD.</param>
    /// <param name="cancellationToken">Stops reading; the program runs on.</param>
    public async Task<string> ReadToEndAsync(Encoding? encoding = null, CancellationToken cancellationToken = default)
    {
        var text = new StringBuilder();
        var decoder = new TextDecoder(encoding ?? Encoding.UTF8);
        while (await ReadBlockAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } block)
        {
            text.Append(decoder.Decode(block.Span, flush: false));
            LetGoOf(block);
        }

        text.Append(decoder.Decode([], flush: true));
        decoder.LetGoOfMemory();
        return text.ToString();
    }

    private async IAsyncEnumerable<string> LinesAsync(
        LineSplitter lines,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        while (await ReadBlockAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } block)
        {
            lines.Append(block.Span);
            LetGoOf(block);
            while (lines.TryTake() is { } line)
            {
                yield return line;
            }
        }

        lines.End();
        while (lines.TryTake() is { } line)
        {
            yield return line;
        }
    }

    // A pooled block with the next bytes; empty at the end. While nothing comes, no block is held.
    private async ValueTask<ReadOnlyMemory<byte>> ReadBlockAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = ArrayPool<byte>.Shared.Rent(OutputSink.BlockSize);
            var count = _descriptor.TryRead(block);
            if (count > 0)
            {
                return block.AsMemory(0, count);
            }

            ArrayPool<byte>.Shared.Return(block);
            if (count != -Errno.EAGAIN.Value)
            {
                Checked(count);
                return default;
            }

            await _descriptor.WaitUntilReadableAsync(cancellationToken).ConfigureAwait(false);
            GC.KeepAlive(this);
        }
    }

    private static void LetGoOf(ReadOnlyMemory<byte> block)
    {
        if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray(block, out var array))
        {
            ArrayPool<byte>.Shared.Return(array.Array!);
        }
    }
}
