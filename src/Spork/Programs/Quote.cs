using System.Text;

namespace Spork.Programs;

/// <summary>Strings as people and tools expect to see them.</summary>
internal static class Quote
{
    /// <summary>In double quotes, control characters escaped as strace does.</summary>
    internal static string ForListing(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
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

        return text.Append('"').ToString();
    }

    /// <summary>In single quotes, on one line whatever is in it.</summary>
    internal static string ForMessage(string value) =>
        $"'{ForListing(value)[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal)}'";

    /// <summary>As a POSIX shell would read it back.</summary>
    internal static string ForShell(string value)
    {
        var plain = value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c));
        return plain ? value : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
