using Spork.Linux;

namespace Spork;

// Who is at the terminal.
public sealed partial class PseudoTerminal
{
    /// <summary>
    /// The process group that reads the terminal and gets the signals of its keys: the command that a shell runs at the
    /// moment, or the shell itself. Null while nobody has the terminal. See tcgetpgrp(3).
    /// </summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public int? ForegroundProcessGroup => Asked(Tty.TIOCGPGRP, "TIOCGPGRP");

    /// <summary>The session that the terminal controls, by its leader's pid; null if there is none. See tcgetsid(3).</summary>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public int? Session => Asked(Tty.TIOCGSID, "TIOCGSID");

    /// <summary>
    /// Signals the foreground process group, as the key would (Ctrl-C, Ctrl-\, Ctrl-Z), whatever the terminal's mode and
    /// however much unread input lies before it. The kernel picks the group: no race with a shell that changes it.
    /// </summary>
    /// <param name="signal">SIGINT, SIGQUIT or SIGTSTP: the kernel sends no others this way.</param>
    /// <exception cref="ArgumentException">Another signal: send it with <see cref="ChildProcess.SendSignal(Signal)"/>.</exception>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public void SendSignal(Signal signal)
    {
        if (signal != Signal.SIGINT && signal != Signal.SIGQUIT && signal != Signal.SIGTSTP)
        {
            throw new ArgumentException(
                $"A terminal sends SIGINT, SIGQUIT and SIGTSTP, not {signal.Name}: use ChildProcess.SendSignal.",
                nameof(signal)
            );
        }

        Control(Tty.TIOCSIG, "TIOCSIG", signal.Number);
    }

    private unsafe int? Asked(int request, string name)
    {
        int answer;
        var result = TryControl(request, (nint)(&answer));
        if (result == 0)
        {
            // 0: nobody, or somebody in a pid namespace that cannot be seen from here.
            return answer > 0 ? answer : null;
        }

        return result == -Errno.ENOTTY.Value
            ? null
            : throw new SystemCallException($"ioctl {name}", Name, Sys.ErrnoOf(result));
    }
}
