namespace Spork.Cli.Run;

/// <summary>
/// The terminal that spork itself sits at, if its standard input is one. Raw while keys are passed on: whatever they
/// mean is for the command's terminal to say. Its old settings come back on every way out that leaves us a last word.
/// </summary>
/// <remarks>
/// Never touched from the background: the kernel would stop us for it (SIGTTOU), and the settings belong to whoever is
/// in front.
/// </remarks>
internal sealed unsafe class OwnTerminal : IDisposable
{
    private const int Number = 0;
    private const int Now = 0; // TCSANOW
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ

    // glibc's struct termios has 60 bytes; nobody here looks into it.
    private const int SettingsSize = 256;

    private readonly Lock _lock = new();
    private readonly byte[] _before = new byte[SettingsSize];
    private bool _known;
    private bool _raw;
    private bool _isOver;

    private OwnTerminal() => AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

    public static bool IsInForeground => LibC.ForegroundProcessGroup(Number) == LibC.OwnProcessGroup();

    /// <summary>Null where standard input is no terminal.</summary>
    public static OwnTerminal? Find() =>
        LibC.IsCallers(Number) && LibC.IsTerminal(Number) != 0 ? new OwnTerminal() : null;

    /// <summary>The size of the terminal that any of the standard streams is; null if none is, or it does not know.</summary>
    public static TerminalSize? Size()
    {
        // struct winsize: rows, columns, and both in pixels.
        var size = stackalloc ushort[4];
        for (var number = 0; number <= 2; number++)
        {
            if (LibC.IsCallers(number) && LibC.Control(number, GetWindowSize, size) == 0 && size[0] > 0 && size[1] > 0)
            {
                return new TerminalSize(size[0], size[1]);
            }
        }

        return null;
    }

    /// <summary>Also after we were stopped and continued: the shell has its own settings meanwhile.</summary>
    public void EnterRaw()
    {
        lock (_lock)
        {
            // A SIGCONT that is only handled when the command has ended: nobody would restore it any more.
            if (_isOver || !IsInForeground)
            {
                return;
            }

            fixed (byte* before = _before)
            {
                _known = _known || LibC.TerminalSettings(Number, before) == 0;
                if (_known)
                {
                    var raw = stackalloc byte[SettingsSize];
                    new ReadOnlySpan<byte>(before, SettingsSize).CopyTo(new Span<byte>(raw, SettingsSize));
                    LibC.MakeRaw(raw);
                    _raw = LibC.SetTerminalSettings(Number, Now, raw) == 0;
                }
            }
        }
    }

    public void Restore()
    {
        lock (_lock)
        {
            if (!_raw || !IsInForeground)
            {
                return;
            }

            fixed (byte* before = _before)
            {
                if (LibC.SetTerminalSettings(Number, Now, before) != 0)
                {
                    // EIO: it is gone, and its settings with it.
                    return;
                }
            }

            _raw = false;
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        lock (_lock)
        {
            _isOver = true;
        }

        Restore();
    }

    private void OnProcessExit(object? sender, EventArgs e) => Restore();
}
