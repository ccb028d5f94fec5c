using Spectre.Console;
using Spork.Cli.Output;

namespace Spork.Cli.Tour;

/// <summary>What a stop speaks through: plain lines in a pipe, a little colour on a terminal.</summary>
internal sealed class TourGuide(string directory)
{
    private const int Indent = 3;

    private readonly IAnsiConsole _console = Terminal.CreateConsole();

    /// <summary>A folder of the tour's own, gone afterwards.</summary>
    public string Folder { get; } = directory;

    public string PathTo(string name) => Path.Combine(Folder, name);

    public void Heading(int number, int count, string title)
    {
        var text = $"{number}/{count}  {title}";
        if (Terminal.IsInteractive)
        {
            _console.Write(
                new Rule(Markup.Escape(text)) { Justification = Justify.Left, Style = new Style(Color.Blue) }
            );
        }
        else
        {
            Console.Out.Write($"== {text}\n");
        }
    }

    public void Say(string text) => Write("", text, Style.Plain);

    /// <summary>What was typed, or would be.</summary>
    public void Show(string text) => Write("$ ", text, new Style(Color.Yellow));

    /// <summary>What came of it.</summary>
    public void Result(string text) => Write("→ ", text, new Style(Color.Green));

    public void Failed(string text) => Write("✗ ", ErrorLine.OneLine(text), new Style(Color.Red));

    public static void Blank() => Console.Out.Write('\n');

    public void Bars(string unit, params (string Label, double Value)[] bars)
    {
        if (Terminal.IsInteractive)
        {
            var chart = new BarChart()
                .Width(Math.Min(Terminal.Width, 76))
                .UseValueFormatter((value, _) => $"{value:0.0} {unit}");
            Color[] colours = [Color.Green, Color.Grey];
            for (var i = 0; i < bars.Length; i++)
            {
                chart.AddItem(bars[i].Label, Math.Round(bars[i].Value, 1), colours[Math.Min(i, colours.Length - 1)]);
            }

            _console.Write(chart);
            return;
        }

        var longest = bars.Max(bar => bar.Value);
        var label = bars.Max(bar => bar.Label.Length);
        foreach (var (name, value) in bars)
        {
            var bar = new string('#', Math.Max(1, (int)Math.Round(40 * value / longest)));
            Console.Out.Write($"   {name.PadRight(label)}  {bar} {value:0.0} {unit}\n");
        }
    }

    /// <summary>Stops check what they show.</summary>
    public static void Require(bool promise, string otherwise)
    {
        if (!promise)
        {
            throw new TourException(otherwise);
        }
    }

    private void Write(string mark, string text, Style style)
    {
        if (!Terminal.HasColour)
        {
            Console.Out.Write($"   {mark}{text}\n");
            return;
        }

        // Two columns, so that what is too long for the line goes on below its own beginning.
        var grid = new Grid { Expand = true };
        grid.AddColumn(
            new GridColumn
            {
                Width = Indent + mark.Length,
                Padding = default(Padding),
                NoWrap = true,
            }
        );
        grid.AddColumn(new GridColumn { Padding = default(Padding) });
        grid.AddRow(new Text(new string(' ', Indent) + mark, style), new Text(text, style));
        _console.Write(grid);
    }
}
