using System.Buffers;
using System.Globalization;
using System.Text;

namespace Spork.Cli.Syntax;

/// <summary>
/// Words as they were typed, in strings: a byte that is no UTF-8 is half a surrogate pair, U+DC80 to U+DCFF (PEP 383),
/// which nothing that .NET decodes has. The parser sees text; the library gets the bytes.
/// </summary>
internal static class RawText
{
    private const int Base = 0xdc00;

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var unknown in bytes[..length])
                {
                    text.Append((char)(Base + unknown));
                }
            }

            bytes = bytes[length..];
        }

        return text.ToString();
    }

    /// <summary>Whether it has a byte that is no UTF-8.</summary>
    public static bool IsRaw(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsByte(text, i))
            {
                return true;
            }
        }

        return false;
    }

    public static ByteString Bytes(string text)
    {
        if (!IsRaw(text))
        {
            return new ByteString(text);
        }

        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsByte(text, i))
            {
                bytes.Add((byte)(text[i] - Base));
                continue;
            }

            var pair = char.IsHighSurrogate(text[i]) ? 2 : 1;
            bytes.AddRange(Encoding.UTF8.GetBytes(text.Substring(i, pair)));
            i += pair - 1;
        }

        return new ByteString(bytes.ToArray());
    }

    /// <summary>For people: each such byte as <c>\xff</c>, as the library shows it.</summary>
    public static string Shown(string text)
    {
        if (!IsRaw(text))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            _ = IsByte(text, i)
                ? shown.Append(CultureInfo.InvariantCulture, $"\\x{text[i] - Base:x2}")
                : shown.Append(text[i]);
        }

        return shown.ToString();
    }

    private static bool IsByte(string text, int at) =>
        text[at] is >= '\udc80' and <= '\udcff' && (at == 0 || !char.IsHighSurrogate(text[at - 1]));
}
