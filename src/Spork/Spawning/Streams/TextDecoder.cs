using System.Buffers;
using System.Text;

namespace Spork.Spawning;

/// <summary>
/// Bytes that come in pieces into characters: a character torn over two reads is put together, a byte order mark at the
/// very beginning is left out, and what is no text in the encoding becomes what the encoding says (U+FFFD).
/// </summary>
internal sealed class TextDecoder(Encoding encoding)
{
    private const char ByteOrderMark = '\ufeff';

    private readonly Decoder _decoder = encoding.GetDecoder();
    private char[] _characters = [];
    private bool _begun = encoding.Preamble.IsEmpty;

    internal Encoding Encoding => encoding;

    /// <summary>The beginning of a character is held, whose end has not come.</summary>
    internal bool IsInsideCharacter
    {
        get
        {
            try
            {
                return _decoder.GetCharCount([], flush: true) > 0;
            }
            catch (DecoderFallbackException)
            {
                return true;
            }
        }
    }

    /// <summary>Valid until the next call.</summary>
    internal ReadOnlySpan<char> Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        var most = encoding.GetMaxCharCount(bytes.Length);
        if (_characters.Length < most)
        {
            LetGoOfMemory();
            _characters = ArrayPool<char>.Shared.Rent(most);
        }

        ReadOnlySpan<char> text = _characters.AsSpan(0, _decoder.GetChars(bytes, _characters, flush));
        if (_begun || text.IsEmpty)
        {
            return text;
        }

        _begun = true;
        return text[0] == ByteOrderMark ? text[1..] : text;
    }

    /// <summary>Its buffer goes back to the pool.</summary>
    internal void LetGoOfMemory()
    {
        var characters = _characters;
        _characters = [];
        if (characters.Length > 0)
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }
}
