using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>What a refused step of credentials or isolation needs.</summary>
internal static class IsolationHint
{
    private const string InNewUserNamespace =
        "; any user has it in a new user namespace (WithOwnIdentityAs), where those are allowed";

    internal static string? For(Step step, Errno errno)
    {
        if (step.Call == Syscall.execveat)
        {
            return "the second stage may not be executed: a security module, or a mount without exec, forbids it";
        }

        var refused = errno == Errno.EPERM || errno == Errno.EACCES;
        return step.Call switch
        {
            Syscall.setresuid
            or Syscall.setresgid
            or Syscall.capset
            or Syscall.prctl when step.Name == CredentialSteps.ResetStep =>
                "everybody may do that: a filter or a security module refuses it",
            Syscall.setresuid when refused => "another user needs CAP_SETUID" + InNewUserNamespace,
            Syscall.setresgid or Syscall.setgroups when refused =>
                "other groups need CAP_SETGID; a user namespace of a plain user's denies setgroups altogether",
            Syscall.setresuid or Syscall.setresgid or Syscall.setgroups when errno == Errno.EINVAL =>
                "that number is not in the user namespace's map",
            Syscall.capset when refused => "this process does not have them all itself",
            Syscall.prctl when refused && step.Name == "bounding set" =>
                "dropping from the bounding set needs CAP_SETPCAP; WithNoNewPrivileges needs nothing, and gains nothing either",
            Syscall.prctl when refused && step.Name == "ambient set" =>
                "only what is permitted and inheritable can be ambient, unless secure bits forbid it",
            Syscall.unshare when refused => "a new namespace needs CAP_SYS_ADMIN" + InNewUserNamespace,
            Syscall.unshare when errno == Errno.ENOSPC => "the limit in /proc/sys/user is reached",
            Syscall.unshare when errno == Errno.EINVAL => "this kernel does not have that kind of namespace",
            Syscall.setns when refused =>
                "entering a namespace needs CAP_SYS_ADMIN over it; a mount namespace CAP_SYS_CHROOT too",
            Syscall.setns when errno == Errno.EINVAL =>
                "not a namespace of that kind, or a user namespace that this process is in already",
            Syscall.chroot when errno == Errno.EPERM => "needs CAP_SYS_CHROOT" + InNewUserNamespace,
            Syscall.chroot when errno == Errno.ENOENT => "the root directory does not exist",
            Syscall.mount when errno == Errno.EINVAL =>
                "this process's root is no mount point: it was changed by chroot",
            Syscall.sethostname when refused => "needs CAP_SYS_ADMIN in the namespace's user namespace",
            Syscall.ioprio_set when refused => "the real-time class needs CAP_SYS_NICE or CAP_SYS_ADMIN",
            Syscall.sched_setscheduler when refused => "real-time policies need CAP_SYS_NICE, or RLIMIT_RTPRIO",
            Syscall.write when refused && step.Name == "oom score" =>
                "going below one's own out-of-memory score needs CAP_SYS_RESOURCE",
            Syscall.openat when errno == Errno.ENOENT && step.Subject.StartsWith("/proc/", StringComparison.Ordinal) =>
                "/proc is not mounted, or this kernel is too old for it",
            Syscall.poll => "the parent died meanwhile",
            _ => null,
        };
    }

    /// <summary>For a child that could not be made in its new namespaces.</summary>
    internal static string? ForClone(Errno errno, CommandOptions options)
    {
        var atBirth = options.Isolation.AtBirth;
        if (atBirth == Namespaces.None)
        {
            return null;
        }

        if (errno == Errno.EPERM)
        {
            return atBirth.HasFlag(Namespaces.User)
                ? "user namespaces are not allowed here (a security module, /proc/sys/kernel/unprivileged_userns_clone), or not after chroot"
                : "a new namespace needs CAP_SYS_ADMIN" + InNewUserNamespace;
        }

        return errno == Errno.ENOSPC || errno == Errno.EUSERS
            ? "the limit in /proc/sys/user is reached, or 32 levels"
            : null;
    }
}
