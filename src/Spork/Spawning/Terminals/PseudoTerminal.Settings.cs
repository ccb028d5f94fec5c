using Spork.Linux;

namespace Spork;

// The line discipline: what the kernel does with keys before the program reads them, and with output before we do.
// It is one setting for both ends, and the program may change it at any moment, as a shell does at each prompt.
public sealed partial class PseudoTerminal
{
    private const uint CookedLocal =
        Tty.ISIG | Tty.ICANON | Tty.IEXTEN | Tty.ECHO | Tty.ECHOE | Tty.ECHOK | Tty.ECHOCTL | Tty.ECHOKE;

    private delegate void SettingsChange(ref Termios settings);

    /// <summary>
    /// Whether what is typed is shown. A program that asks for a password switches it off; nobody is told, so look at it
    /// when output has come and typing is next.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public bool Echo
    {
        get => (Settings.LocalFlags & Tty.ECHO) != 0;
        set =>
            Change(
                (ref Termios settings) =>
                    settings.LocalFlags = value ? settings.LocalFlags | Tty.ECHO : settings.LocalFlags & ~Tty.ECHO
            );
    }

    /// <summary>
    /// Whether the program is given whole lines, which can be edited until Enter (canonical mode, cooked). Editors, pagers
    /// and shells with a line editor switch it off and read key by key. In this mode the kernel takes at most 4,095 bytes
    /// as one line and drops the rest.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public bool IsCanonical => (Settings.LocalFlags & Tty.ICANON) != 0;

    private unsafe Termios Settings
    {
        get
        {
            Termios settings;
            Control(Tty.TCGETS, "TCGETS", (nint)(&settings));
            return settings;
        }
    }

    /// <summary>
    /// Every byte passes as it is, both ways: no editing, no echo, no signals from keys, no CR before LF. As cfmakeraw(3).
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public unsafe void SetRaw() =>
        Change(
            (ref Termios settings) =>
            {
                settings.InputFlags &= ~(
                    Tty.IGNBRK | Tty.BRKINT | Tty.PARMRK | Tty.ISTRIP | Tty.INLCR | Tty.IGNCR | Tty.ICRNL | Tty.IXON
                );
                settings.OutputFlags &= ~Tty.OPOST;
                settings.LocalFlags &= ~(Tty.ECHO | Tty.ECHONL | Tty.ICANON | Tty.ISIG | Tty.IEXTEN);
                settings.ControlFlags = (settings.ControlFlags & ~(Tty.CSIZE | Tty.PARENB)) | Tty.CS8;
                settings.ControlCharacters[Tty.VMIN] = 1;
                settings.ControlCharacters[Tty.VTIME] = 0;
            }
        );

    /// <summary>
    /// As a terminal begins: lines are edited and echoed, Ctrl-C, Ctrl-\ and Ctrl-Z are signals, Enter is a newline, and
    /// output's newlines get a carriage return.
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public void SetCooked() =>
        Change(
            (ref Termios settings) =>
            {
                settings.InputFlags =
                    (settings.InputFlags & ~(Tty.IGNBRK | Tty.PARMRK | Tty.ISTRIP | Tty.INLCR | Tty.IGNCR))
                    | Tty.ICRNL
                    | Tty.IXON
                    | Tty.IUTF8;
                settings.OutputFlags |= Tty.OPOST | Tty.ONLCR;
                settings.LocalFlags |= CookedLocal;
            }
        );

    private unsafe void Change(SettingsChange change)
    {
        var settings = Settings;
        change(ref settings);
        Control(Tty.TCSETS, "TCSETS", (nint)(&settings));
    }
}
