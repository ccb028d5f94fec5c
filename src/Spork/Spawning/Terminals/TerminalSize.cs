namespace Spork;

/// <summary>A terminal's size in characters. See TIOCSWINSZ(2const).</summary>
public readonly record struct TerminalSize
{
    /// <summary>A size. Zero means that it is not known, as on a serial line.</summary>
    /// <param name="rows">Lines, 0 to 65535.</param>
    /// <param name="columns">Characters in a line, 0 to 65535.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public TerminalSize(int rows, int columns)
    {
        Check(rows, nameof(rows));
        Check(columns, nameof(columns));
        Rows = rows;
        Columns = columns;
    }

    /// <summary>24 rows of 80 columns: what programs take for granted.</summary>
    public static TerminalSize Usual { get; } = new(24, 80);

    /// <summary>Lines.</summary>
    public int Rows { get; }

    /// <summary>Characters in a line.</summary>
    public int Columns { get; }

    /// <summary>Rows and columns, as <c>24x80</c>.</summary>
    public override string ToString() => $"{Rows}x{Columns}";

    private static void Check(int number, string parameter)
    {
        if (number is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentOutOfRangeException(parameter, number, $"A terminal has 0 to {ushort.MaxValue}.");
        }
    }
}
