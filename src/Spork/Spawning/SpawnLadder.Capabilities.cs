using Spork.Linux;
using Spork.Spawning;

namespace Spork;

// What isolation, lifetimes and terminals need, found out by trying. Nothing is executed and nothing stays.
public static partial class SpawnLadder
{
    // A directory: whoever comes as far as executing it was refused nothing before.
    private const string Unexecutable = "/";

    private static Finding SecondStageFinding()
    {
        if (Refusal(new Command(Unexecutable).WithNoNewPrivileges()) is { } refusal)
        {
            return new(
                "second stage",
                FindingState.Missing,
                refusal,
                "no other users, capabilities, namespaces or scheduling policies for children"
            );
        }

        using var file = StageFile.TryCreateMemory("spork-probe", Memfd.MFD_ALLOW_SEALING | Memfd.MFD_EXEC);
        return file is not null
            ? new("second stage", FindingState.Ok, "memory files may be executed (memfd)", "")
            : new(
                "second stage",
                FindingState.Degraded,
                "memory files may not be executed (vm.memfd_noexec)",
                "isolation writes, executes and removes a file in a temporary directory at each start"
            );
    }

    private static Finding UserNamespaceFinding()
    {
        var command = new Command(Unexecutable).WithOwnIdentityAs().WithNewNamespaces(Namespaces.HostName);
        return Refusal(command) is { } refusal
            ? new(
                "user namespaces",
                FindingState.Missing,
                refusal,
                Environment.IsPrivilegedProcess
                    ? "WithOwnIdentityAs and user maps fail; other namespaces need root's own privileges"
                    : "WithOwnIdentityAs fails, and with it every isolation that needs privileges: namespaces, chroot, host name"
            )
            : new("user namespaces", FindingState.Ok, "any child may have its own identities and namespaces", "");
    }

    private static Finding OwnCgroupFinding()
    {
        const string Cost = "WithOwnCgroup is refused; a stop of a tree looks through /proc and loses orphans";
        OwnCgroup cgroup;
        try
        {
            cgroup = OwnCgroup.Create();
        }
        catch (SystemCallException e)
        {
            var where = e.Subject.StartsWith('/') ? $"below {Path.GetDirectoryName(e.Subject)}" : "here";
            return new("own cgroup", FindingState.Missing, $"{e.Errno}: none can be made {where}", Cost);
        }

        var canKill = File.Exists($"{cgroup.Path}/cgroup.kill");
        cgroup.Abandon();
        return canKill
            ? new("own cgroup", FindingState.Ok, "can be made, and killed at one blow (cgroup.kill)", "")
            : new(
                "own cgroup",
                FindingState.Degraded,
                "can be made; cgroup.kill needs kernel 5.14",
                "a stop of a tree freezes its cgroup and kills its members one by one"
            );
    }

    private static Finding GroupSignalFinding()
    {
        var pidFd = Sys.Call(Syscall.pidfd_open, Environment.ProcessId);
        if (pidFd < 0)
        {
            return Refused(Sys.ErrnoOf(pidFd).ToString());
        }

        // Signal 0 to the group with our number, which need not exist (ESRCH); an unknown flag is EINVAL.
        using var self = new Descriptor((int)pidFd);
        const nint flags = (nint)PidFd.PIDFD_SIGNAL_PROCESS_GROUP;
        var result = Sys.Call(Syscall.pidfd_send_signal, self.Number, 0, 0, flags);
        return result == 0 || result == -Errno.ESRCH.Value || result == -Errno.EPERM.Value
            ? new("groups by pidfd", FindingState.Ok, "reached at one blow, also after their leader's end", "")
            : Refused($"{Sys.ErrnoOf(result)}: needs kernel 6.9");

        static Finding Refused(string detail) =>
            new(
                "groups by pidfd",
                FindingState.Degraded,
                detail,
                "process groups are signalled one by one, and orphans may be lost once the leader is reaped"
            );
    }

    private static Finding TerminalFinding()
    {
        try
        {
            using var terminal = PseudoTerminal.Open();
            return new("pseudo-terminals", FindingState.Ok, "/dev/ptmx opens", "");
        }
        catch (SystemCallException e)
        {
            return new("pseudo-terminals", FindingState.Missing, e.Message, "StartInTerminal and run --pty fail");
        }
    }

    // What kept a command from executing its program; null if nothing did.
    private static string? Refusal(Command command)
    {
        try
        {
            command.Run();
            return null;
        }
        catch (SpawnException e) when (e.Subject == Unexecutable && e.Errno == Errno.EACCES)
        {
            return null;
        }
        catch (SpawnException e)
        {
            // EOPNOTSUPP: the posix_spawn rung cannot do it.
            return e.Hint is { } hint ? $"{e.Step}: {e.Errno}; {hint}" : $"{e.Step}: {e.Errno}";
        }
        catch (Exception e) when (e is NotSupportedException or SystemCallException)
        {
            return e.Message;
        }
    }
}
