using System.Text;
using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// Maps of a new user namespace, written by the parent while the child stands at the gate: inside, before they are there,
/// nobody is anybody.
/// </summary>
internal static class IdMaps
{
    /// <summary>The subject where there is nowhere to write them.</summary>
    internal const string NoProc = "/proc of this process namespace";

    /// <summary>
    /// user_namespaces(7): without CAP_SETGID outside, a group map may be written only after setgroups was denied inside, for
    /// else a group could be dropped that a file denies something to.
    /// </summary>
    internal static bool DeniesGroups(IsolationOptions isolation) =>
        GroupLines(isolation).Length > 0 && !CapabilitySets.OfThisThread().HasEffective(Capability.CAP_SETGID);

    /// <summary>Whether the new namespace's first process is not root in it: exec takes a plain user's capabilities.</summary>
    internal static bool LosesCapabilitiesAtExec(IsolationOptions isolation)
    {
        if (!isolation.HasNewUser)
        {
            return false;
        }

        var user = (uint)Sys.Call(Syscall.geteuid);
        return isolation.OwnIdentity is { } own
            ? own.User != 0
            : !isolation.UserMap.Any(m => m.Inside == 0 && m.Outside == user);
    }

    /// <summary>Writes what the command says; null, or which file took it not, with what.</summary>
    internal static (string Step, string Subject, Errno Errno)? Write(int pid, IsolationOptions isolation)
    {
        var users = UserLines(isolation);
        var groups = GroupLines(isolation);
        if (users.Length + groups.Length > 0 && !OwnProc.IsMounted())
        {
            // The number there would be a stranger's.
            return (users.Length > 0 ? "uid_map" : "gid_map", NoProc, Errno.ENOENT);
        }

        if (users.Length > 0 && Write(pid, "uid_map", users) is { } user)
        {
            return user;
        }

        if (groups.Length == 0)
        {
            return null;
        }

        return (DeniesGroups(isolation) ? Write(pid, "setgroups", "deny") : null) ?? Write(pid, "gid_map", groups);
    }

    private static string UserLines(IsolationOptions isolation) =>
        isolation.OwnIdentity is { } own ? $"{own.User} {(uint)Sys.Call(Syscall.geteuid)} 1" : Lines(isolation.UserMap);

    private static string GroupLines(IsolationOptions isolation) =>
        isolation.OwnIdentity is { } own
            ? $"{own.Group} {(uint)Sys.Call(Syscall.getegid)} 1"
            : Lines(isolation.GroupMap);

    private static string Lines(IEnumerable<IdMap> maps) =>
        string.Join('\n', maps.Select(m => $"{m.Inside} {m.Outside} {m.Count}"));

    // One write(2): the kernel takes a map whole, and once.
    private static unsafe (string Step, string Subject, Errno Errno)? Write(int pid, string file, string text)
    {
        var path = Encoding.UTF8.GetBytes($"/proc/{pid}/{file}\0");
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* name = path)
        fixed (byte* lines = bytes)
        {
            var opened = Sys.CallRestarting(
                Syscall.openat,
                Fcntl.AT_FDCWD,
                (nint)name,
                Fcntl.O_WRONLY | Fcntl.O_CLOEXEC
            );
            if (opened < 0)
            {
                return (file, text.Replace('\n', ','), Sys.ErrnoOf(opened));
            }

            using var descriptor = new Descriptor((int)opened);
            var written = Sys.CallRestarting(Syscall.write, opened, (nint)lines, bytes.Length);
            return written < 0 ? (file, text.Replace('\n', ','), Sys.ErrnoOf(written)) : null;
        }
    }
}
