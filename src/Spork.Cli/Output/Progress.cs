namespace Spork.Cli.Output;

/// <summary>One line on stderr that is rewritten in place: on a terminal only, silent in a pipe or a log.</summary>
internal sealed class Progress : IDisposable
{
    private readonly bool _shown = !Console.IsErrorRedirected;
    private int _length;

    public void Report(string text)
    {
        if (!_shown)
        {
            return;
        }

        ErrorLine.WriteRaw($"\r{text.PadRight(_length)}");
        _length = text.Length;
    }

    public void Dispose()
    {
        if (_shown && _length > 0)
        {
            ErrorLine.WriteRaw($"\r{new string(' ', _length)}\r");
        }
    }
}
