using Spork.Linux;
using Spork.Spawning;

namespace Spork;

public sealed partial class ChildProcess
{
    /// <summary>Sends a signal to exactly this process. See pidfd_send_signal(2).</summary>
    /// <returns>False if it had already ended.</returns>
    /// <exception cref="SystemCallException">EPERM: it runs as another user by now.</exception>
    public bool SendSignal(Signal signal)
    {
        lock (_lock)
        {
            // Once reaped the pidfd may be closed, and its number somebody else's.
            if (_status is not null)
            {
                return false;
            }

            if (PidFd is DoublePidFd stand)
            {
                return stand.Process.Signal(signal);
            }

            var result = Sys.Call(Syscall.pidfd_send_signal, PidFd.Number, signal.Number);
            if (result == 0)
            {
                return true;
            }

            var errno = Sys.ErrnoOf(result);
            return errno == Errno.ESRCH
                ? false
                : throw new SystemCallException("pidfd_send_signal", $"process {Id}, {signal.Name}", errno);
        }
    }

    /// <summary>Sends SIGKILL.</summary>
    /// <returns>False if it had already ended.</returns>
    /// <exception cref="SystemCallException">EPERM: it runs as another user by now.</exception>
    public bool Kill() => SendSignal(Signal.SIGKILL);

    /// <summary>For cancellation, which has nobody to throw to: false if it may not be killed.</summary>
    internal bool TryKill()
    {
        try
        {
            if (Kill())
            {
                Telemetry?.Killed();
            }

            return true;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }
}
