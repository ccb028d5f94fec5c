using Spork.Linux;

namespace Spork.Spawning;

/// <summary>What waitid(2) said, or that somebody else had it first.</summary>
internal readonly record struct RawExit(ExitKind Kind, int Value, bool CoreDumped, bool HasUsage, RUsage Usage);

/// <summary>
/// Reaps one child through its pidfd, and no other: never wait(-1), never SIGCHLD's disposition. Beside
/// System.Diagnostics.Process, which as pid 1 or with SIGCHLD inherited ignored reaps whatever it finds, a status may be
/// gone: then the kernel is asked through the pidfd (6.15), else it is reported lost.
/// </summary>
internal static unsafe class Reaper
{
    /// <summary>True once the child is reaped, by whomever.</summary>
    internal static bool Reap(Descriptor pidFd, bool block, out RawExit exit)
    {
        var info = default(SigInfo);
        var usage = default(RUsage);
        var options = Wait.WEXITED | Wait.__WALL | (block ? 0 : Wait.WNOHANG);
        var result = Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)(&info), options, (nint)(&usage));
        exit = default;
        if (result == 0)
        {
            exit = new RawExit(KindOf(info.Code), info.Status, info.Code == Wait.CLD_DUMPED, HasUsage: true, usage);
            return info.Pid != 0;
        }

        var errno = Sys.ErrnoOf(result);
        if (errno != Errno.ECHILD)
        {
            throw new SystemCallException("waitid", $"pidfd {pidFd.Number}", errno);
        }

        // With SIGCHLD ignored there is nothing to wait for even while it runs.
        if (block)
        {
            WaitUntilExited(pidFd);
        }
        else if (!HasExited(pidFd))
        {
            return false;
        }

        exit = AskKernel(pidFd);
        return true;
    }

    /// <summary>Blocks until the child has exited, and leaves it to be reaped.</summary>
    internal static void WaitForExit(Descriptor pidFd)
    {
        var info = default(SigInfo);
        var options = Wait.WEXITED | Wait.WNOWAIT | Wait.__WALL;
        if (Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)(&info), options) != 0)
        {
            // Nothing to wait for: somebody else reaps it, or the kernel will (SIGCHLD ignored).
            WaitUntilExited(pidFd);
        }
    }

    /// <summary>Without reaping, without blocking. A zombie has exited too.</summary>
    internal static bool HasExited(Descriptor pidFd)
    {
        var poll = new PollFd { Descriptor = pidFd.Number, Events = PollFd.POLLIN };
        return Sys.CallRestarting(Syscall.poll, (nint)(&poll), 1, 0) > 0;
    }

    /// <summary>
    /// Whether a child that has let go got through exec, exactly. exec changes its exit_signal to SIGCHLD, and a wait
    /// without __WALL sees only such children. Must be asked before reaping.
    /// </summary>
    internal static bool GotThroughExec(Descriptor pidFd)
    {
        var info = default(SigInfo);
        var options = Wait.WEXITED | Wait.WNOHANG | Wait.WNOWAIT;
        if (Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)(&info), options) == 0)
        {
            return true;
        }

        // Not such a child. If it is one of the other kind, it died inside execve; if there is none at all, it ran and
        // somebody reaped it already, which nobody can do to a child that never got through exec.
        return Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)(&info), options | Wait.__WALL) != 0;
    }

    private static void WaitUntilExited(Descriptor pidFd)
    {
        var poll = new PollFd { Descriptor = pidFd.Number, Events = PollFd.POLLIN };
        Sys.CallRestarting(Syscall.poll, (nint)(&poll), 1, -1);
    }

    private static RawExit AskKernel(Descriptor pidFd)
    {
        var info = new PidFdInfo { Mask = PidFdInfo.PIDFD_INFO_EXIT };
        var result = Sys.Call(Syscall.ioctl, pidFd.Number, unchecked((nint)PidFdInfo.PIDFD_GET_INFO), (nint)(&info));
        if (result < 0 || (info.Mask & PidFdInfo.PIDFD_INFO_EXIT) == 0)
        {
            return new RawExit(ExitKind.Lost, 0, CoreDumped: false, HasUsage: false, default);
        }

        var signal = info.ExitCode & 0x7f;
        return signal == 0
            ? new RawExit(ExitKind.Exited, (info.ExitCode >> 8) & 0xff, CoreDumped: false, HasUsage: false, default)
            : new RawExit(ExitKind.Signaled, signal, (info.ExitCode & 0x80) != 0, HasUsage: false, default);
    }

    private static ExitKind KindOf(int code) => code == Wait.CLD_EXITED ? ExitKind.Exited : ExitKind.Signaled;
}
