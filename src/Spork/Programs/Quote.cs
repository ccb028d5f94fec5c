using System.Text;

namespace Spork.Programs;

/// <summary>Strings as people and tools expect to see them.</summary>
internal static class Quote
{
    /// <summary>In double quotes, control characters escaped as strace does, bytes that are no text as <c>\xff</c>.</summary>
    internal static string ForListing(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        // Before the bytes are spelled: their backslashes are ours.
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '\x7f' => text.Append('\\').Append(Convert.ToString(c, 8)),
                _ => text.Append(c),
            };
        }

        return EscapedText.Shown(text.Append('"').ToString());
    }

    /// <summary>In single quotes, on one line whatever is in it.</summary>
    internal static string ForMessage(string value) =>
        $"'{ForListing(value)[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)}'";

    /// <summary>
    /// The last characters of a text, as many as fit after control characters other than \n and \t were escaped. Begins
    /// with … if something is missing.
    /// </summary>
    internal static string ForLog(string text, int maximum)
    {
        var start = text.Length;
        for (var room = maximum; start > 0; start--)
        {
            room -= Escaped(text[start - 1])?.Length ?? 1;
            if (room < 0)
            {
                break;
            }
        }

        // Not half of a pair.
        start += start > 0 && start < text.Length && char.IsLowSurrogate(text[start]) ? 1 : 0;
        var shown = new StringBuilder(text.Length - start).Append(start > 0 ? "…" : "");
        foreach (var c in text.AsSpan(start))
        {
            _ = Escaped(c) is { } escaped ? shown.Append(escaped) : shown.Append(c);
        }

        return shown.ToString();

        static string? Escaped(char c) =>
            c is '\n' or '\t' || !char.IsControl(c) ? null
            : c == '\r' ? "\\r"
            : "\\" + Convert.ToString(c, 8);
    }

    /// <summary>
    /// A command line as a POSIX shell would read it back; what is not known to be harmless is quoted. Bytes that are no
    /// text stand as <c>$'\377'</c>, which POSIX.1-2024 added to what shells had long (dash has not).
    /// </summary>
    internal static string ForShell(string program, IEnumerable<string> arguments)
    {
        // The first word is read with other eyes: x=1 assigns, and "if" begins something else.
        var first = InSingleQuotes(program, !IsHarmless(program) || program.Contains('=') || IsReserved(program));
        return string.Join(' ', arguments.Select(a => InSingleQuotes(a, !IsHarmless(a))).Prepend(first));
    }

    private static string InSingleQuotes(string value, bool needed) =>
        needed
            ? EscapedText.Spelled(
                $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'",
                static unknown => $"'$'\\{Convert.ToString(unknown, 8)}''"
            )
            : value;

    private static bool IsHarmless(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c));

    // POSIX, "Reserved Words", with those that it lets shells add, and bash's coproc. The others are not harmless anyway.
    private static bool IsReserved(string word) =>
        word
            is "case"
                or "coproc"
                or "do"
                or "done"
                or "elif"
                or "else"
                or "esac"
                or "fi"
                or "for"
                or "function"
                or "if"
                or "in"
                or "namespace"
                or "select"
                or "then"
                or "time"
                or "until"
                or "while";
}
