using System.Text;

namespace Spork.Tests.Spawning.Terminals;

/// <summary>What a pseudo-terminal has shown, and a reader who waits for words on it.</summary>
internal sealed class Screen(PseudoTerminal terminal)
{
    private readonly StringBuilder _shown = new();

    public string Text => _shown.ToString();

    /// <summary>Reads until the words are there; fails at the end of the output.</summary>
    /// <returns>Everything from the last look on, up to and with the words.</returns>
    public async Task<string> WaitForAsync(string words)
    {
        var buffer = new byte[4096];
        while (true)
        {
            var seen = _shown.ToString();
            var at = seen.IndexOf(words, StringComparison.Ordinal);
            if (at >= 0)
            {
                _shown.Remove(0, at + words.Length);
                return seen[..(at + words.Length)];
            }

            var count = await terminal.Stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(count > 0, $"'{words}' never came: {seen}");
            _shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
    }

    /// <summary>Everything to the end.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var buffer = new byte[4096];
        int count;
        while ((count = await terminal.Stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            _shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return _shown.ToString();
    }

    public async Task TypeAsync(string keys) =>
        await terminal.Stream.WriteAsync(Encoding.UTF8.GetBytes(keys), TestContext.Current.CancellationToken);
}
