using System.Text;

namespace Spork.AotProbe;

/// <summary>A program at a pseudo-terminal: typed at, resized, quit.</summary>
internal static class Terminals
{
    private static Command Echoing => new("sh", "-c", "stty size; read line; echo \"<$line>\"; exit 4");

    public static async Task Answers()
    {
        using var one = Echoing.StartInTerminal(new TerminalSize(33, 99));
        await TalkAsync(one, "33 99");
        using var other = await Echoing.StartInTerminalAsync(new TerminalSize(12, 34));
        await TalkAsync(other, "12 34");
    }

    private static async Task TalkAsync(ChildProcess child, string size)
    {
        var terminal = child.Terminal!;
        var shown = new StringBuilder();
        await ShowAsync(terminal, shown, size);
        Expect.True(terminal.Echo && terminal.IsCanonical);
        Expect.Equal(child.Id, terminal.Session ?? 0);
        terminal.Resize(24, 80);
        await terminal.Stream.WriteAsync("hello\n"u8.ToArray());
        await ShowAsync(terminal, shown, "<hello>");
        Expect.Equal(4, (await child.WaitAsync()).Code);
    }

    private static async Task ShowAsync(PseudoTerminal terminal, StringBuilder shown, string words)
    {
        var buffer = new byte[256];
        while (!shown.ToString().Contains(words, StringComparison.Ordinal))
        {
            var count = await terminal.Stream.ReadAsync(buffer);
            Expect.True(count > 0, $"'{words}' is shown before the end");
            shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }
}
