using Spectre.Console;

namespace Spork.Cli.Output;

/// <summary>What stdout and stderr are, decided once: pictures and progress are for people, plain text for pipes.</summary>
internal static class Terminal
{
    private const int WidthInAPipe = 100;

    /// <summary>Tables, colours and bars are for a terminal; whatever reads a pipe gets aligned plain text.</summary>
    public static bool IsInteractive => !Console.IsOutputRedirected;

    /// <summary>https://no-color.org: present and not empty means no colour, whatever its value.</summary>
    public static bool HasColour =>
        IsInteractive
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);

    public static int Width
    {
        get
        {
            // A terminal without a size (a serial line, a pty nobody resized) reports 0.
            var width = IsInteractive ? Console.WindowWidth : WidthInAPipe;
            return width > 0 ? width : 80;
        }
    }

    public static IAnsiConsole CreateConsole()
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = IsInteractive && HasColour ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = HasColour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(Console.Out),
            }
        );
        console.Profile.Width = Width;
        return console;
    }
}
