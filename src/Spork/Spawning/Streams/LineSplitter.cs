using System.Text;

namespace Spork.Spawning;

/// <summary>
/// Bytes into lines. A line ends as <see cref="LineEnding"/> says; the last one may end with nothing. By default a lone \r
/// is a character like any other: progress bars write it, and it ends no line in a pipe.
/// </summary>
internal sealed class LineSplitter(Encoding encoding, int maximum, LineEnding ending = LineEnding.NewLine)
{
    /// <summary>In characters. A program that writes none is not to fill this process's memory.</summary>
    internal const int DefaultMaximum = 16 * 1024 * 1024;

    private readonly TextDecoder _decoder = new(encoding);
    private int _maximum = maximum;
    private LineEnding _ending = ending;
    private char[] _pending = [];
    private int _start;
    private int _scanned;
    private int _end;
    private bool _ended;

    // The line before ended with \r, and was handed over without waiting for what comes next: a \n now belongs to it.
    private bool _passOverNewLine;

    /// <exception cref="ArgumentOutOfRangeException">It is no ending.</exception>
    internal static LineEnding Check(LineEnding ending) =>
        Enum.IsDefined(ending)
            ? ending
            : throw new ArgumentOutOfRangeException(nameof(ending), ending, "There is no such line ending.");

    internal TextDecoder Decoder => _decoder;

    /// <summary>Something was read and not handed over.</summary>
    internal bool HasUnread
    {
        get
        {
            PassOverNewLine();
            return _end > _start || _decoder.IsInsideCharacter;
        }
    }

    /// <summary>From the next line on.</summary>
    internal void GoOnWith(int maximum, LineEnding ending)
    {
        (_maximum, _ending, _scanned) = (maximum, ending, _start);
    }

    /// <summary>What was decoded and not handed over, lines or not.</summary>
    internal string TakeRest()
    {
        PassOverNewLine();
        var rest = new string(_pending, _start, _end - _start);
        _start = _scanned = _end;
        return rest;
    }

    internal void Append(ReadOnlySpan<byte> bytes) => Append(_decoder.Decode(bytes, flush: false));

    /// <summary>What is left is a line.</summary>
    internal void End()
    {
        Append(_decoder.Decode([], flush: true));
        _decoder.LetGoOfMemory();
        _ended = true;
    }

    /// <summary>The next line, or null if it is not whole yet.</summary>
    /// <exception cref="InvalidDataException">It is longer than the maximum.</exception>
    internal string? TryTake()
    {
        PassOverNewLine();
        var at = IndexOfEnd(_pending.AsSpan(_scanned, _end - _scanned));
        if (at < 0)
        {
            _scanned = _end;
            if (_end - _start > _maximum)
            {
                throw TooLong();
            }

            return _ended && _end > _start ? Take(_end, _end) : null;
        }

        var end = _scanned + at;
        _passOverNewLine = _pending[end] == '\r';
        var isTwo = _ending == LineEnding.NewLine && end > _start && _pending[end - 1] == '\r';
        return Take(isTwo ? end - 1 : end, end + 1);
    }

    private int IndexOfEnd(ReadOnlySpan<char> text) =>
        _ending switch
        {
            LineEnding.CarriageReturn => text.IndexOfAny('\r', '\n'),
            LineEnding.Nul => text.IndexOf('\0'),
            _ => text.IndexOf('\n'),
        };

    private void PassOverNewLine()
    {
        if (!_passOverNewLine || _start == _end)
        {
            return;
        }

        _passOverNewLine = false;
        if (_pending[_start] == '\n')
        {
            _scanned = ++_start;
        }
    }

    private string Take(int end, int next)
    {
        if (end - _start > _maximum)
        {
            throw TooLong();
        }

        var line = new string(_pending, _start, end - _start);
        _start = _scanned = next;
        return line;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (_pending.Length - _end < text.Length)
        {
            MakeRoom(text.Length);
        }

        text.CopyTo(_pending.AsSpan(_end));
        _end += text.Length;
    }

    private void MakeRoom(int more)
    {
        var kept = _end - _start;
        var target = _pending;
        if (kept + more > target.Length)
        {
            target = new char[Math.Max(kept + more, Math.Min(2 * target.Length, kept + more + (1 << 20)))];
        }

        Array.Copy(_pending, _start, target, 0, kept);
        _pending = target;
        _scanned -= _start;
        _start = 0;
        _end = kept;
    }

    private InvalidDataException TooLong() =>
        new($"A line of the output is longer than {_maximum} characters: raise the maximum, or read bytes.");
}
