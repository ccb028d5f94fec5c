namespace Spork.Cli.Run;

/// <summary>
/// While it lives, descriptor 0 is no terminal. The first PosixSignalRegistration also starts .NET's terminal layer,
/// which remembers the settings of a terminal at 0 and puts them back on every SIGCONT and at exit. A spork that
/// continues in the background (Ctrl-Z, bg) would be stopped by SIGTTOU for that, its command never continued; and the
/// settings it remembers may be those of the shell's own line editor. A launcher has no business with either.
/// </summary>
internal sealed class HiddenTerminal : IDisposable
{
    private readonly int _saved = -1;

    public HiddenTerminal()
    {
        if (LibC.IsTerminal(0) == 0)
        {
            return;
        }

        try
        {
            using var nothing = File.OpenHandle("/dev/null");
            _saved = LibC.Duplicate(0, 3);
            if (_saved >= 0)
            {
                _ = LibC.DuplicateTo((int)nothing.DangerousGetHandle(), 0);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No descriptor left, or no /dev: job control suffers, the command does not.
        }
    }

    public void Dispose()
    {
        if (_saved >= 0)
        {
            _ = LibC.DuplicateTo(_saved, 0);
            _ = LibC.Close(_saved);
        }
    }
}
