using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Spork.Spawning;

namespace Spork;

// The same bytes as text.
public sealed partial class ChildOutput
{
    // Stays from one call to the next: it has what was read ahead of the last line that was taken.
    private LineSplitter? _lines;

    /// <summary>
    /// The lines that the program writes, as they come, without their ends. The last one may end with nothing. While
    /// nobody asks for the next line, nothing more is read, and the program waits when its pipe is full. A loop that was left
    /// can be gone on with: the next call, also of <see cref="ReadToEndAsync"/>, begins after the last line that was taken.
    /// </summary>
    /// <param name="encoding">Default: UTF-8, or what lines were read in before; bytes that are no text become U+FFFD.</param>
    /// <param name="maximumLength">In characters; a longer line is refused rather than to fill memory.</param>
    /// <param name="ending">What ends a line. Default: \n or \r\n.</param>
    /// <param name="cancellationToken">Stops reading; the program runs on.</param>
    /// <exception cref="InvalidDataException">A line is longer than the maximum.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is not positive, or there is no such ending.</exception>
    /// <exception cref="InvalidOperationException">Lines were read in another encoding before.</exception>
    public IAsyncEnumerable<string> ReadLinesAsync(
        Encoding? encoding = null,
        int maximumLength = LineSplitter.DefaultMaximum,
        LineEnding ending = LineEnding.NewLine,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        LineSplitter.Check(ending);
        CheckEncoding(encoding);
        return LinesAsync(encoding, maximumLength, ending, cancellationToken);
    }

    /// <summary>Everything that is still to come, as text. Unbounded: a capture has a bound.</summary>
    /// <param name="encoding">
    /// Default: UTF-8, or what lines were read in before; bytes that are no text become U+FFFD.
    /// </param>
    /// <param name="cancellationToken">Stops reading; the program runs on.</param>
    /// <exception cref="InvalidOperationException">Lines were read in another encoding before.</exception>
    public async Task<string> ReadToEndAsync(Encoding? encoding = null, CancellationToken cancellationToken = default)
    {
        CheckEncoding(encoding);
        var text = new StringBuilder(_lines?.TakeRest());
        var decoder = _lines?.Decoder ?? new TextDecoder(encoding ?? Encoding.UTF8);
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
        Encoding? encoding,
        int maximumLength,
        LineEnding ending,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var lines = _lines ??= new LineSplitter(encoding ?? Encoding.UTF8, maximumLength);
        lines.GoOnWith(maximumLength, ending);
        while (lines.TryTake() is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return line;
        }

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

    private void CheckEncoding(Encoding? encoding)
    {
        if (encoding is not null && _lines is { } lines && lines.Decoder.Encoding.CodePage != encoding.CodePage)
        {
            throw new InvalidOperationException(
                $"Lines of this output were read as {lines.Decoder.Encoding.WebName}, ahead of the last one that was "
                    + $"taken: go on in that, not as {encoding.WebName}, or read bytes from the beginning."
            );
        }
    }

    // What was read ahead is text already.
    private void CheckNothingReadAhead()
    {
        if (_lines is { HasUnread: true })
        {
            throw new InvalidOperationException(
                "ReadLinesAsync has read ahead, and a read of bytes would miss what it has: go on with ReadLinesAsync or "
                    + "ReadToEndAsync, or read bytes from the beginning."
            );
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
