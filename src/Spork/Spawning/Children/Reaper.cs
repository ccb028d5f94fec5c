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
    // A filter that refuses waitid, or an error that waitid does not have: asked a few times, then it counts as lost. It
    // must not throw: the reactor's thread comes here too, and with it the process would go.
    private const int Tries = 5;

    private static readonly RawExit Lost = new(ExitKind.Lost, 0, CoreDumped: false, HasUsage: false, default);

    // How long a child may take from exit_notify to release_task, preempted in between.
    private const int ReleaseMilliseconds = 100;

    /// <summary>
    /// Whether it is a child of ours, not reaped yet. (With SIGCHLD ignored a number can in theory be another child's of
    /// ours by now; then that one is meant.)
    /// </summary>
    internal static bool IsChild(Descriptor pidFd) => IsChild(Wait.P_PIDFD, pidFd.Number);

    /// <summary>The same of a number.</summary>
    internal static bool IsChild(int pid) => IsChild(Wait.P_PID, pid);

    /// <summary>Whether the kernel reaps our children itself (SIGCHLD ignored, SA_NOCLDWAIT), or may.</summary>
    internal static bool ChildrenVanish()
    {
        SigAction action;
        return Sys.Call(Syscall.rt_sigaction, Signal.SIGCHLD.Number, 0, (nint)(&action), 8) != 0
            || action.Handler == SigAction.SIG_IGN
            || (action.Flags & SigAction.SA_NOCLDWAIT) != 0;
    }

    /// <summary>True once the child is reaped, by whomever.</summary>
    internal static bool Reap(Descriptor pidFd, bool block, out RawExit exit)
    {
        if (pidFd is LostPidFd)
        {
            exit = Lost;
            return true;
        }

        if (pidFd is DoublePidFd stand)
        {
            return stand.Process.Reap(block, out exit);
        }

        var options = Wait.WEXITED | Wait.__WALL | (block ? 0 : Wait.WNOHANG);
        if (TakeStatus(pidFd, options, out exit, out var reaped))
        {
            return reaped;
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

    /// <summary>
    /// Reaps a child that has exited if it got through exec, which is what makes it visible to a wait without __WALL
    /// (see <see cref="GotThroughExec"/>). False says nothing: ask that, and then <see cref="Reap"/>.
    /// </summary>
    internal static bool TryReapProgram(Descriptor pidFd, out RawExit exit) =>
        TakeStatus(pidFd, Wait.WEXITED | Wait.WNOHANG, out exit, out var reaped) && reaped;

    /// <summary>Blocks until the child has exited, and leaves it to be reaped.</summary>
    internal static void WaitForExit(Descriptor pidFd)
    {
        var info = default(SigInfo);
        var options = Wait.WEXITED | Wait.WNOWAIT | Wait.__WALL;
        if (
            pidFd is DoublePidFd
            || Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)(&info), options) != 0
        )
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
        var result = WaitId(pidFd, &info, options, null);
        if (result != -Errno.ECHILD.Value)
        {
            // 0: such a child. Any other error answers nothing; all else says that it got through.
            return true;
        }

        // Not such a child. If it is one of the other kind, it died inside execve; if there is none at all, it ran and
        // somebody reaped it already, which nobody can do to a child that never got through exec.
        return WaitId(pidFd, &info, options | Wait.__WALL, null) != 0;
    }

    // Any other error than ECHILD is a filter's, and answers nothing.
    private static bool IsChild(int kind, int id)
    {
        var info = default(SigInfo);
        var options = Wait.WEXITED | Wait.WNOHANG | Wait.WNOWAIT | Wait.__WALL;
        return Sys.CallRestarting(Syscall.waitid, kind, id, (nint)(&info), options, 0) != -Errno.ECHILD.Value;
    }

    // False if there is nothing to wait for.
    private static bool TakeStatus(Descriptor pidFd, int options, out RawExit exit, out bool reaped)
    {
        var info = default(SigInfo);
        var usage = default(RUsage);
        var result = WaitId(pidFd, &info, options, &usage);
        reaped = result == 0 && info.Pid != 0;
        exit = reaped
            ? new RawExit(KindOf(info.Code), info.Status, info.Code == Wait.CLD_DUMPED, HasUsage: true, usage)
            : default;
        return result == 0;
    }

    private static nint WaitId(Descriptor pidFd, SigInfo* info, int options, RUsage* usage)
    {
        nint result = 0;
        for (var i = 0; i < Tries; i++)
        {
            result = Sys.CallRestarting(Syscall.waitid, Wait.P_PIDFD, pidFd.Number, (nint)info, options, (nint)usage);
            if (result == 0 || result == -Errno.ECHILD.Value)
            {
                break;
            }
        }

        return result;
    }

    private static bool HasHungUp(Descriptor pidFd)
    {
        var poll = new PollFd { Descriptor = pidFd.Number, Events = PollFd.POLLIN };
        return Sys.CallRestarting(Syscall.poll, (nint)(&poll), 1, 0) > 0 && (poll.ReturnedEvents & PollFd.POLLHUP) != 0;
    }

    internal static void WaitUntilExited(Descriptor pidFd)
    {
        var poll = new PollFd { Descriptor = pidFd.Number, Events = PollFd.POLLIN };
        while (Sys.CallRestarting(Syscall.poll, (nint)(&poll), 1, -1) <= 0)
        {
            // ENOMEM: a status asked for too early would be reported lost while the child runs.
            Thread.Sleep(1);
        }
    }

    /// <summary>
    /// Why the kernel cannot be asked for a status that somebody else took: ENOTTY, it is older than 6.15; any other, a
    /// filter refuses the call. Null: it can. Tried on this process, which tells a refusal; that statuses are kept is a
    /// matter of the version, since 6.13 and 6.14 have the call and answer it in the same way while a process lives.
    /// </summary>
    internal static Errno? WhyNoStatusAfterwards()
    {
        if (Environment.OSVersion.Version < new Version(6, 15))
        {
            return Errno.ENOTTY;
        }

        var number = Sys.Call(Syscall.pidfd_open, Environment.ProcessId);
        if (number < 0)
        {
            return Sys.ErrnoOf(number);
        }

        using var self = new Descriptor((int)number);
        var info = new PidFdInfo { Mask = PidFdInfo.PIDFD_INFO_EXIT };
        var result = GetInfo(self, &info);
        return result == 0 ? null : Sys.ErrnoOf(result);
    }

    private static nint GetInfo(Descriptor pidFd, PidFdInfo* info) =>
        Sys.Call(Syscall.ioctl, pidFd.Number, unchecked((nint)PidFdInfo.PIDFD_GET_INFO), (nint)info);

    private static RawExit AskKernel(Descriptor pidFd)
    {
        var info = default(PidFdInfo);
        for (var i = 0; ; i++)
        {
            // A child that the kernel reaps itself is readable a moment before its status is kept (exit_notify before
            // release_task, kernel/exit.c); POLLHUP comes after both. So: hung up and still no status is lost. In
            // between, the ioctl may find no status yet and a task that loses its number meanwhile: ESRCH, look again
            // (fs/pidfs.c; seen once in 1,500 beside a thief). Any other error is a kernel that cannot tell.
            var gone = HasHungUp(pidFd);
            info = new PidFdInfo { Mask = PidFdInfo.PIDFD_INFO_EXIT };
            var result = GetInfo(pidFd, &info);
            if (result == 0 && (info.Mask & PidFdInfo.PIDFD_INFO_EXIT) != 0)
            {
                break;
            }

            if ((result < 0 && result != -Errno.ESRCH.Value) || gone || i == ReleaseMilliseconds)
            {
                return Lost;
            }

            Thread.Sleep(i == 0 ? 0 : 1);
        }

        var signal = info.ExitCode & 0x7f;
        return signal == 0
            ? new RawExit(ExitKind.Exited, (info.ExitCode >> 8) & 0xff, CoreDumped: false, HasUsage: false, default)
            : new RawExit(ExitKind.Signaled, signal, (info.ExitCode & 0x80) != 0, HasUsage: false, default);
    }

    private static ExitKind KindOf(int code) => code == Wait.CLD_EXITED ? ExitKind.Exited : ExitKind.Signaled;
}
