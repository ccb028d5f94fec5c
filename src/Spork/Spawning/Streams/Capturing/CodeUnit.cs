using System.Buffers;
using System.Text;

namespace Spork.Spawning;

/// <summary>Where a character begins in bytes whose beginning was cut off.</summary>
internal static class CodeUnit
{
    /// <summary>Bytes of a code unit of UTF-8, 16 or 32; 0: another encoding, where the bytes do not tell.</summary>
    internal static int Of(Encoding encoding) =>
        encoding.CodePage switch
        {
            65001 => 1,
            1200 or 1201 => 2,
            12000 or 12001 => 4,
            _ => 0,
        };

    /// <summary>How many bytes belong to a character, or a code unit, that began before them: three at most.</summary>
    /// <param name="encoding">One of those above.</param>
    /// <param name="bytes">What was kept.</param>
    /// <param name="before">How many bytes came before.</param>
    internal static long TornLead(Encoding encoding, ReadOnlySequence<byte> bytes, long before)
    {
        var unit = Of(encoding);
        var first = bytes.Slice(0, Math.Min(4, bytes.Length)).ToArray();
        if (unit == 1)
        {
            var continuations = first.TakeWhile(b => (b & 0xC0) == 0x80).Count();
            return Math.Min(3, continuations);
        }

        var torn = (int)Math.Min((unit - before % unit) % unit, first.Length);
        if (unit == 2 && first.Length >= torn + 2)
        {
            // The second half of a surrogate pair.
            var high = first[encoding.CodePage == 1201 ? torn : torn + 1];
            torn += (high & 0xFC) == 0xDC ? 2 : 0;
        }

        return torn;
    }
}
