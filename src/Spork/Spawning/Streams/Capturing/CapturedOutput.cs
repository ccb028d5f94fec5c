using System.Buffers;
using Spork.Spawning;

namespace Spork;

/// <summary>What a program wrote to one stream, or the part of it that was kept. Thread safe.</summary>
public sealed class CapturedOutput
{
    // Its characters stay in the processor's cache between the decoder and the text.
    private const int DecodedAtOnce = 32 * 1024;

    private readonly CaptureOptions _options;
    private ReadOnlyMemory<byte>? _bytes;
    private string? _text;

    internal CapturedOutput(List<ReadOnlyMemory<byte>> pieces, long totalBytes, CaptureOptions options)
    {
        _options = options;
        TotalBytes = totalBytes;
        Sequence = PieceSegment.Join(pieces);
    }

    /// <summary>All bytes that the program wrote, kept or not.</summary>
    public long TotalBytes { get; }

    /// <summary>Whether more was written than was kept.</summary>
    public bool IsTruncated => Sequence.Length < TotalBytes;

    /// <summary>The bytes as they were read, without a copy.</summary>
    public ReadOnlySequence<byte> Sequence { get; }

    /// <summary>The bytes in one piece: copied once, at the first call, if they came in several.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ??= Sequence.IsSingleSegment ? Sequence.First : Sequence.ToArray();

    /// <summary>
    /// The text, with its line ends, without a byte order mark. A character that the limit cut through is left out (UTF-8,
    /// UTF-16, UTF-32).
    /// </summary>
    public string Text => _text ??= Decode();

    /// <summary>The lines, without \n or \r\n; the last one may have ended with nothing.</summary>
    public IEnumerable<string> Lines => LinesOf(Text);

    /// <summary>The text.</summary>
    public override string ToString() => Text;

    private string Decode()
    {
        var bytes = Sequence;
        var isUnicode = CodeUnit.Of(_options.Encoding) > 0;
        if (IsTruncated && isUnicode && _options.Overflow == CaptureOverflow.Tail)
        {
            bytes = bytes.Slice(CodeUnit.TornLead(_options.Encoding, bytes, TotalBytes - bytes.Length));
        }

        // Flushed, a sequence that was cut in half would become a replacement character.
        var flush = !(IsTruncated && isUnicode && _options.Overflow == CaptureOverflow.Head);
        if (bytes.IsSingleSegment && flush && !bytes.FirstSpan.StartsWith(_options.Encoding.Preamble))
        {
            return _options.Encoding.GetString(bytes.FirstSpan);
        }

        // Counted, then written where it stays: decoding twice is cheaper than growing and copying a large text.
        var length = Decode(bytes, flush, default);
        return string.Create(length, (this, bytes, flush), static (t, s) => s.Item1.Decode(s.bytes, s.flush, t));
    }

    // The number of characters, which are written if there is room for any.
    private int Decode(ReadOnlySequence<byte> bytes, bool flush, Span<char> target)
    {
        var decoder = new TextDecoder(_options.Encoding);
        var length = 0;
        foreach (var piece in bytes)
        {
            for (var at = 0; at < piece.Length; at += DecodedAtOnce)
            {
                Take(decoder.Decode(piece.Span.Slice(at, Math.Min(DecodedAtOnce, piece.Length - at)), false), target);
            }
        }

        Take(flush ? decoder.Decode([], flush: true) : [], target);
        decoder.LetGoOfMemory();
        return length;

        void Take(ReadOnlySpan<char> characters, Span<char> room)
        {
            if (!room.IsEmpty)
            {
                characters.CopyTo(room[length..]);
            }

            length += characters.Length;
        }
    }

    private static IEnumerable<string> LinesOf(string text)
    {
        for (var start = 0; start < text.Length; )
        {
            var end = text.IndexOf('\n', start);
            var next = end < 0 ? text.Length : end + 1;
            if (end < 0)
            {
                end = text.Length;
            }
            else if (end > start && text[end - 1] == '\r')
            {
                end--;
            }

            yield return text[start..end];
            start = next;
        }
    }
}
