namespace Spork.Linux;

/// <summary>linux/sched.h: flags of clone(2) and clone3(2).</summary>
internal static class Sched
{
    internal const ulong CLONE_VM = 0x00000100;
    internal const ulong CLONE_FS = 0x00000200;
    internal const ulong CLONE_FILES = 0x00000400;
    internal const ulong CLONE_SIGHAND = 0x00000800;
    internal const ulong CLONE_PIDFD = 0x00001000;
    internal const ulong CLONE_NEWTIME = 0x00000080;
    internal const ulong CLONE_NEWNS = 0x00020000;
    internal const ulong CLONE_NEWCGROUP = 0x02000000;
    internal const ulong CLONE_NEWUTS = 0x04000000;
    internal const ulong CLONE_NEWIPC = 0x08000000;
    internal const ulong CLONE_NEWUSER = 0x10000000;
    internal const ulong CLONE_NEWPID = 0x20000000;
    internal const ulong CLONE_NEWNET = 0x40000000;
    internal const ulong CLONE_THREAD = 0x00010000;
    internal const ulong CLONE_SYSVSEM = 0x00040000;
    internal const ulong CLONE_CHILD_CLEARTID = 0x00200000;

    /// <summary>Kernel 5.5: every handler back to default, what is ignored stays ignored.</summary>
    internal const ulong CLONE_CLEAR_SIGHAND = 0x100000000;

    /// <summary>Kernel 5.7: born in a cgroup v2.</summary>
    internal const ulong CLONE_INTO_CGROUP = 0x200000000;
}
