using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A script for a POSIX shell. Made from an interpolated string, each hole is quoted (<see cref="Shell.Quote(string)"/>)
/// and arrives as exactly one word; made from any other string, it is that string. Not thread safe while it is composed.
/// </summary>
/// <remarks>
/// <para>
/// Holes: a string is one word; a sequence of strings is one word each, none if it is empty; a number or a date is
/// written in the invariant culture; another <see cref="ShellScript"/>, and a string with the format <c>raw</c>
/// (<c>{options:raw}</c>), goes in unquoted. Anything else does not compile. A null is refused: <c>rm -rf {dir}/</c> must
/// not become <c>rm -rf /</c>. So think of what an empty string does, too.
/// </para>
/// <para>
/// A hole inside quotes, backquotes, <c>${…}</c>, arithmetic, a comment, a here-document, or right after <c>\</c> or
/// <c>$</c> is refused, because there the quoting would mean something else: leave the quotes out, <c>echo {x}</c>
/// instead of <c>echo '{x}'</c>.
/// </para>
/// <para>
/// The conversion happens where the interpolated string stands. <c>var s = $"ls {x}"; Command.Shell(s)</c> is a plain
/// string: nothing is quoted.
/// </para>
/// </remarks>
[InterpolatedStringHandler]
public sealed class ShellScript
{
    private readonly StringBuilder _text;

    /// <summary>For the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public ShellScript(int literalLength, int formattedCount) =>
        _text = new StringBuilder(literalLength + (formattedCount * 16));

    /// <summary>This text as it is.</summary>
    public ShellScript(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = new StringBuilder(text);
    }

    /// <summary>This text as it is.</summary>
    public static implicit operator ShellScript(string text) => new(text);

    /// <summary>For the compiler.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendLiteral(string value) => _text.Append(value);

    /// <summary>One word.</summary>
    /// <exception cref="ArgumentException">It is null or has a NUL, or the hole stands where quoting does not help.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        AppendWord(value);
    }

    /// <summary>One word; or, with the format <c>raw</c>, script.</summary>
    /// <exception cref="FormatException">Another format.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(string value, string format)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (format != "raw")
        {
            throw new FormatException($"A string has no format '{format}' in a shell script, only 'raw'.");
        }

        AppendLiteral(value);
    }

    /// <summary>One word each.</summary>
    /// <exception cref="ArgumentException">As for one.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ShellLexer.RefuseHole(_text.ToString());
        _text.AppendJoin(' ', values.Select(Shell.Quote));
    }

    /// <summary>Script within script.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted(ShellScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        AppendLiteral(script.ToString());
    }

    /// <summary>One word, in the invariant culture.</summary>
    /// <exception cref="ArgumentException">As for a string.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable
    {
        ArgumentNullException.ThrowIfNull(value);
        AppendWord(value.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>The script.</summary>
    public override string ToString() => _text.ToString();

    private void AppendWord(string value)
    {
        ShellLexer.RefuseHole(_text.ToString());
        _text.Append(Shell.Quote(value));
    }
}
