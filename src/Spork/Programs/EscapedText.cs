using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Spork.Programs;

/// <summary>
/// Strings that hold bytes which are no UTF-8: each such byte is one low surrogate without its other half, U+DC80 to
/// U+DCFF (as Python does it, PEP 383). Lossless, so that a command keeps its words in one type.
/// </summary>
/// <remarks>
/// Nobody else makes such strings: what comes in as a string is refused if it has half a pair (<see cref="Spawning.Check"/>),
/// and what goes out as one is spelled (<see cref="Shown"/>). Only what is valid on its own is decoded as text, and what
/// is put between two of them ('=', '/', ':') is ASCII: no two halves ever meet.
/// </remarks>
internal static class EscapedText
{
    private const char First = '\udc80';
    private const char Last = '\udcff';
    private const int Base = 0xdc00;

    /// <summary>These bytes, with those escaped that are no UTF-8.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var length);
            if (status == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                // A sequence that breaks off or cannot be: all of it above 0x7f, for ASCII is always valid.
                foreach (var unknown in bytes[..length])
                {
                    text.Append((char)(Base + unknown));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>How many bytes it stands for.</summary>
    internal static int ByteCount(string text)
    {
        var count = 0;
        var start = 0;
        for (int at; (at = Next(text, start)) >= 0; start = at + 1)
        {
            count += Encoding.UTF8.GetByteCount(text.AsSpan(start, at - start)) + 1;
        }

        return count + Encoding.UTF8.GetByteCount(text.AsSpan(start));
    }

    /// <summary>Writes the <see cref="ByteCount"/> bytes that it stands for.</summary>
    internal static void Encode(string text, Span<byte> bytes)
    {
        var start = 0;
        for (int at; (at = Next(text, start)) >= 0; start = at + 1)
        {
            bytes = bytes[Encoding.UTF8.GetBytes(text.AsSpan(start, at - start), bytes)..];
            bytes[0] = (byte)(text[at] - Base);
            bytes = bytes[1..];
        }

        Encoding.UTF8.GetBytes(text.AsSpan(start), bytes);
    }

    /// <summary>With a NUL behind, for the kernel and libc.</summary>
    internal static byte[] CString(string text)
    {
        var bytes = new byte[ByteCount(text) + 1];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>Whether this character is a byte, and not half of a pair.</summary>
    internal static bool IsByte(string text, int at) =>
        text[at] is >= First and <= Last && (at == 0 || !char.IsHighSurrogate(text[at - 1]));

    /// <summary>For people: each byte as <c>\xff</c>. The same object where there is none.</summary>
    internal static string Shown(string text) =>
        Spelled(text, static value => $"\\x{value.ToString("x2", CultureInfo.InvariantCulture)}");

    /// <summary>With each byte spelled so. The same object where there is none.</summary>
    internal static string Spelled(string text, Func<byte, string> spell)
    {
        var at = Next(text, 0);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 8);
        var start = 0;
        for (; at >= 0; at = Next(text, start))
        {
            result.Append(text, start, at - start).Append(spell((byte)(text[at] - Base)));
            start = at + 1;
        }

        return result.Append(text, start, text.Length - start).ToString();
    }

    private static int Next(string text, int start)
    {
        for (; ; start++)
        {
            var at = text.AsSpan(start).IndexOfAnyInRange(First, Last);
            if (at < 0)
            {
                return -1;
            }

            start += at;
            if (IsByte(text, start))
            {
                return start;
            }
        }
    }
}
