using System.Text;
using Spectre.Console;

namespace Spork.Cli.Output;

/// <summary>A table: with borders on a terminal, columns aligned with blanks in a pipe.</summary>
internal sealed class TextTable(params string[] headings)
{
    private readonly List<string[]> _rows = [];
    private readonly HashSet<int> _right = [];

    /// <summary>Columns of figures line up at their right end.</summary>
    public TextTable AlignRight(params int[] columns)
    {
        _right.UnionWith(columns);
        return this;
    }

    public TextTable Add(params string[] cells)
    {
        if (cells.Length != headings.Length)
        {
            throw new ArgumentException($"{cells.Length} cells for {headings.Length} columns", nameof(cells));
        }

        _rows.Add(cells);
        return this;
    }

    public void Write()
    {
        if (Terminal.IsInteractive)
        {
            WriteBordered();
        }
        else
        {
            Console.Out.Write(ToPlainText());
        }
    }

    public string ToPlainText()
    {
        List<string[]> all = [headings, .. _rows];
        var widths = Enumerable.Range(0, headings.Length).Select(c => all.Max(row => row[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in all)
        {
            var line = row.Select((cell, c) => _right.Contains(c) ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]));
            text.Append(string.Join("  ", line).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private void WriteBordered()
    {
        var table = new Table().RoundedBorder();
        for (var c = 0; c < headings.Length; c++)
        {
            var column = new TableColumn(
                new Markup(Markup.Escape(headings[c]), new Style(decoration: Decoration.Bold))
            );
            table.AddColumn(_right.Contains(c) ? column.RightAligned() : column);
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell, CellStyle(cell))));
        }

        Terminal.CreateConsole().Write(table);
    }

    /// <summary>Verdicts are the one place where colour carries meaning; the word is always there too.</summary>
    private static Style CellStyle(string cell) =>
        cell switch
        {
            "ok" or "met" => new Style(Color.Green),
            "degraded" => new Style(Color.Yellow),
            "missing" or "missed" => new Style(Color.Red),
            _ => Style.Plain,
        };
}
