namespace Spork;

/// <summary>What ends a line of a program's output. The last one may always end with nothing.</summary>
public enum LineEnding
{
    /// <summary>\n or \r\n. A lone \r is a character like any other.</summary>
    NewLine,

    /// <summary>
    /// \n, \r\n or \r, as <see cref="TextReader.ReadLine"/> has it: each state of a progress bar is a line, handed over as
    /// soon as its \r is there.
    /// </summary>
    CarriageReturn,

    /// <summary>NUL, as <c>find -print0</c> and <c>git -z</c> write it. \n and \r are characters like any other.</summary>
    Nul,
}
