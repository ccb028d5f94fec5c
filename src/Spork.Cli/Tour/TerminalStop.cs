using System.Text;

namespace Spork.Cli.Tour;

internal sealed class TerminalStop : ITourStop
{
    private const string Script =
        "stty size; stty -echo; printf 'Password: '; read p; stty echo; echo; echo \"${#p} characters\"";

    public string Title => "A pseudo-terminal: its size, and a password prompt answered";

    public void Visit(TourGuide guide)
    {
        guide.Show(new Command("sh", "-c", Script).ToString());
        using var child = new Command("sh", "-c", Script).StartInTerminal(new TerminalSize(30, 100));
        var terminal = child.Terminal!;
        var shown = ReadTo(terminal, "Password: ");
        guide.Result(shown);
        var hidden = !terminal.Echo;
        guide.Say($"echo is {(hidden ? "off" : "on")}: this is the moment to type a secret");
        terminal.Stream.Write("hunter2\n"u8);
        var rest = ReadTo(terminal, "characters");
        guide.Result(rest.Trim());
        var status = child.Wait();
        TourGuide.Require(shown.StartsWith("30 100", StringComparison.Ordinal), "the program saw another size");
        TourGuide.Require(hidden, "the password would have been shown");
        TourGuide.Require(!rest.Contains("hunter2", StringComparison.Ordinal), "the password was shown");
        TourGuide.Require(
            rest.Contains("7 characters", StringComparison.Ordinal) && status.IsSuccess,
            "it did not arrive"
        );
    }

    private static string ReadTo(PseudoTerminal terminal, string end)
    {
        var text = "";
        var buffer = new byte[256];
        while (!text.TrimEnd().EndsWith(end.TrimEnd(), StringComparison.Ordinal))
        {
            var count = terminal.Stream.Read(buffer);
            TourGuide.Require(count > 0, $"the program ended without '{end}'");
            text += Encoding.UTF8.GetString(buffer, 0, count);
        }

        return text.Replace("\r\n", "; ", StringComparison.Ordinal).Trim(' ', ';');
    }
}
