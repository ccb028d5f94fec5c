using Spork.Spawning;

namespace Spork;

/// <summary>Words for a POSIX shell. Thread safe.</summary>
public static class Shell
{
    /// <summary>
    /// The value as exactly one word of a script, whatever is in it: in single quotes, also where it would not be needed,
    /// so that it is never a reserved word, an alias, an assignment or a pattern.
    /// </summary>
    /// <remarks>
    /// Not in backquotes, where the shell reads backslashes first; write <c>$(…)</c> instead. A command may still take a
    /// word with a leading dash for an option: put <c>--</c> before it.
    /// </remarks>
    /// <exception cref="ArgumentException">It has a NUL, which no argument can have, or half a surrogate pair.</exception>
    public static string Quote(string value)
    {
        Check.NoNul(value, "word");
        return $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    /// <summary>The same for bytes that need not be UTF-8.</summary>
    /// <inheritdoc cref="Quote(string)"/>
    public static byte[] Quote(ReadOnlySpan<byte> value)
    {
        var quoted = new List<byte>(value.Length + 2) { (byte)'\'' };
        foreach (var b in new ByteString(value).Span)
        {
            quoted.AddRange(b == '\'' ? "'\\''"u8 : new ReadOnlySpan<byte>(in b));
        }

        quoted.Add((byte)'\'');
        return [.. quoted];
    }
}
