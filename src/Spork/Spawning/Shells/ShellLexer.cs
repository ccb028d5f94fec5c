namespace Spork.Spawning;

/// <summary>
/// Follows a script as far as is needed to know where a word in single quotes is one word and nothing else. Where it
/// cannot be sure it says no: a refusal costs an exception while the code is written, a mistake costs an injection.
/// </summary>
/// <remarks>
/// A stack of what is open. A hole may stand only in commands: at the top, in <c>( )</c> and in <c>$( )</c>. What would
/// need a whole parser to follow (<c>case</c> patterns inside <c>$( )</c>, quotes inside <c>"${ }"</c>, <c>$'…'</c>, which
/// shells read differently, here-documents) loses track for the rest of the script, and every hole after it is refused.
/// </remarks>
internal sealed class ShellLexer
{
    private readonly Stack<Context> _open = new();
    private string? _lost;
    private string _word = "";
    private char _previous = '\n';
    private bool _escaped;
    private bool _hereDocument;

    private enum Context
    {
        Group,
        Substitution,
        SingleQuotes,
        DoubleQuotes,
        Backquotes,
        Braces,
        Arithmetic,
        ArithmeticParenthesis,
        Comment,
    }

    private Context Top => _open.TryPeek(out var top) ? top : Context.Group;

    /// <summary>May a quoted word follow here?</summary>
    /// <param name="script">All before it, quoted words included.</param>
    /// <exception cref="ArgumentException">No quoting is safe here.</exception>
    internal static void RefuseHole(string script)
    {
        var lexer = new ShellLexer();
        for (var i = 0; i < script.Length; i++)
        {
            i += lexer.Read(script[i], script.AsSpan(i + 1));
        }

        if (lexer.Unsafe() is { } place)
        {
            throw new ArgumentException(
                $"A hole in a shell script stands {place}: there a value cannot be quoted safely. It is quoted by itself; put it outside, for example into a variable: x={{value}}; … \"$x\".",
                nameof(script)
            );
        }
    }

    private string? Unsafe()
    {
        if (_lost is not null)
        {
            return _lost;
        }

        if (_escaped)
        {
            return "after a backslash, which would take the quote's meaning away";
        }

        return _previous == '$'
            ? "after a $, which gives quotes another meaning (the shell's own variables are $name or ${{name}})"
            : _open.Select(Describe).FirstOrDefault(place => place is not null);
    }

    private static string? Describe(Context context) =>
        context switch
        {
            Context.SingleQuotes or Context.DoubleQuotes => "inside quotes",
            Context.Backquotes => "inside backquotes",
            Context.Braces => "inside ${…}",
            Context.Arithmetic or Context.ArithmeticParenthesis => "inside arithmetic",
            Context.Comment => "inside a comment",
            _ => null,
        };

    // How many characters more were taken.
    private int Read(char c, ReadOnlySpan<char> rest)
    {
        if (_escaped)
        {
            _escaped = false;
            if (c != '\n')
            {
                Pass('x');
            }

            return 0;
        }

        switch (Top)
        {
            case Context.SingleQuotes:
                PopOn(c, '\'');
                return 0;
            case Context.Comment:
                if (c == '\n')
                {
                    _open.Pop();
                    NewLine();
                }

                return 0;
            case Context.Backquotes:
                _escaped = c == '\\';
                PopOn(c, '`');
                return 0;
            case Context.DoubleQuotes:
                return ReadInDoubleQuotes(c, rest);
            case Context.Arithmetic or Context.ArithmeticParenthesis:
                return ReadInArithmetic(c, rest);
            case Context.Braces:
                return ReadInBraces(c, rest);
            default:
                return ReadCommand(c, rest);
        }
    }

    private int ReadCommand(char c, ReadOnlySpan<char> rest)
    {
        var startsWord = _previous is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>';
        switch (c)
        {
            case '\\':
                _escaped = true;
                return 0;
            case '\n':
                NewLine();
                return 0;
            case '#' when startsWord:
                _open.Push(Context.Comment);
                return 0;
            case '\'' when _previous == '$':
                Lose("after $'…', which shells read differently");
                break;
            case '\'':
                _open.Push(Context.SingleQuotes);
                break;
            case '"':
                _open.Push(Context.DoubleQuotes);
                break;
            case '`':
                _open.Push(Context.Backquotes);
                break;
            case '<' when rest is ['<', ..]:
                _hereDocument = true;
                break;
            case '(' when rest is ['(', ..]:
                _open.Push(Context.Arithmetic);
                _open.Push(Context.ArithmeticParenthesis);
                Pass('(');
                return 1;
            case '(':
                _open.Push(Context.Group);
                break;
            case ')':
                // At the top it ends a pattern of case, or is a syntax error.
                _open.TryPop(out _);
                break;
            case '$':
                return ReadDollar(rest);
        }

        Pass(c);
        return 0;
    }

    private int ReadInDoubleQuotes(char c, ReadOnlySpan<char> rest)
    {
        switch (c)
        {
            case '\\':
                _escaped = true;
                return 0;
            case '"':
                _open.Pop();
                break;
            case '`':
                _open.Push(Context.Backquotes);
                break;
            case '$':
                return ReadDollar(rest);
        }

        Pass(c);
        return 0;
    }

    private int ReadInBraces(char c, ReadOnlySpan<char> rest)
    {
        switch (c)
        {
            case '\\':
                _escaped = true;
                return 0;
            case '\'' or '"' when _previous == '$' || _open.Contains(Context.DoubleQuotes):
                Lose("after quotes inside ${…} that shells read differently");
                break;
            case '\'':
                _open.Push(Context.SingleQuotes);
                break;
            case '"':
                _open.Push(Context.DoubleQuotes);
                break;
            case '`':
                _open.Push(Context.Backquotes);
                break;
            case '}':
                _open.Pop();
                break;
            case '$':
                return ReadDollar(rest);
        }

        Pass(c);
        return 0;
    }

    private int ReadInArithmetic(char c, ReadOnlySpan<char> rest)
    {
        switch (c)
        {
            case '\'' or '"' or '`' or '\\':
                Lose("after quotes inside $((…)), which may be arithmetic or commands");
                break;
            case '(':
                _open.Push(Context.ArithmeticParenthesis);
                break;
            case ')':
                _open.Pop();
                break;
            case '#':
                // A comment if it is commands: its quotes and parentheses would not count.
                Lose("after a # inside $((…))");
                break;
            case '$':
                return ReadDollar(rest);
        }

        Pass(c);
        return 0;
    }

    private int ReadDollar(ReadOnlySpan<char> rest)
    {
        switch (rest)
        {
            case ['(', '(', ..]:
                _open.Push(Context.Arithmetic);
                _open.Push(Context.ArithmeticParenthesis);
                Pass('(');
                return 2;
            case ['(', ..]:
                _open.Push(Context.Substitution);
                Pass('(');
                return 1;
            case ['{', ..]:
                _open.Push(Context.Braces);
                Pass('{');
                return 1;
            case ['[', ..]:
                Lose("after $[, which is arithmetic to some shells");
                break;
            case ['\\', '\n', ..]:
                // A line goes on between $ and what it belongs to.
                Lose("after a $ at the end of a continued line");
                break;
            case ['$' or '#' or '?' or '!' or '-' or '@' or '*', ..]:
                // $$ is a parameter: what comes after it belongs to nobody. So is $#, which begins no comment.
                Pass('x');
                return 1;
        }

        Pass('$');
        return 0;
    }

    private void PopOn(char c, char end)
    {
        if (c == end)
        {
            _open.Pop();
            Pass(c);
        }
    }

    private void NewLine()
    {
        if (_hereDocument)
        {
            Lose("in or after a here-document");
        }

        Pass('\n');
    }

    // The end of the pattern would be taken for the end of the substitution.
    private void Pass(char c)
    {
        _previous = c;
        _word =
            !char.IsAsciiLetter(c) ? ""
            : _word.Length < 8 ? _word + c
            : _word;
        if (_word == "case" && _open.Count > 0)
        {
            Lose("after a case inside parentheses");
        }
    }

    private void Lose(string why) => _lost ??= why;
}
