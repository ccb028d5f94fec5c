using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/sched.h <c>struct clone_args</c>, 88 bytes (CLONE_ARGS_SIZE_VER2, kernel 5.7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArgs
{
    internal ulong Flags;
    internal ulong PidFd;
    internal ulong ChildTid;
    internal ulong ParentTid;
    internal ulong ExitSignal;
    internal ulong Stack;
    internal ulong StackSize;
    internal ulong Tls;
    internal ulong SetTid;
    internal ulong SetTidSize;
    internal ulong Cgroup;
}
