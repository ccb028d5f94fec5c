using Spork.Linux;
using Spork.Machine;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>What a clone shall be besides sharing memory.</summary>
internal readonly record struct CloneWish(
    int? Cgroup,
    bool SharesTable,
    bool InPlace,
    Namespaces New = Namespaces.None
);

/// <summary>Makes the child: clone3(2), or clone(2) on the lower rung. See <see cref="X64StartStub"/> for signals.</summary>
/// <remarks>
/// <para>
/// Never CLONE_VFORK: the caller's thread is not parked in the kernel while the child opens files on a slow disk or sits
/// in a frozen cgroup. exit_signal is 0, so that a child that fails before exec is invisible to every wait that does
/// not say __WALL, and nobody can steal it; exec sets it to SIGCHLD (kernel: de_thread), which also tells the two
/// apart afterwards (<see cref="StartOutcome"/>).
/// </para>
/// <para>
/// In place, the "child" is a thread of this process with its own copies of what a thread can own: descriptors,
/// directory and umask, mask, nice, affinity. If it fails, it exits and nothing has changed.
/// </para>
/// </remarks>
internal static unsafe class Cloning
{
    // No mask of a thread: the kernel never lets SIGKILL be blocked.
    private const ulong NotSaved = SignalSet.All;

    /// <summary>Which call of the stub failed.</summary>
    internal static string FailedCall(Arena arena, Rung rung) =>
        arena.Request->SavedMask == NotSaved ? "rt_sigprocmask" : SpawnLadder.Name(rung);

    /// <summary>The pid, or -errno.</summary>
    internal static int Clone(Arena arena, ExecutableMemory code, Rung rung, CloneWish wish, int* childTid)
    {
        var flags = Sched.CLONE_VM | Sched.CLONE_CHILD_CLEARTID;
        flags |= wish.SharesTable ? Sched.CLONE_FILES : 0;
        flags |= wish.InPlace ? Sched.CLONE_THREAD | Sched.CLONE_SIGHAND | Sched.CLONE_SYSVSEM : Sched.CLONE_PIDFD;

        flags |= (ulong)wish.New;

        var request = arena.Request;
        request->AllSignals = SignalSet.All;
        request->SavedMask = NotSaved;
        request->Context = (nint)arena.Context;
        request->Interpreter = code.Interpreter;
        if (rung == Rung.Clone3)
        {
            flags |= wish.InPlace ? 0 : Sched.CLONE_CLEAR_SIGHAND;
            FillClone3(arena, flags, wish, childTid);
        }
        else
        {
            request->Number = MachineArchitecture.Current!.Number(Syscall.clone);
            request->Argument0 = (long)flags;
            request->Argument1 = (long)(arena.Stack + Arena.StackLength);
            request->Argument2 = wish.InPlace ? 0 : (long)arena.PidFd;
            request->Argument3 = (long)childTid;
        }

        return (int)code.Start(request);
    }

    private static void FillClone3(Arena arena, ulong flags, CloneWish wish, int* childTid)
    {
        var request = arena.Request;
        var args = arena.CloneArgs;
        args->Flags = flags | (wish.Cgroup is null ? 0 : Sched.CLONE_INTO_CGROUP);
        args->PidFd = wish.InPlace ? 0 : (ulong)arena.PidFd;
        args->ChildTid = (ulong)childTid;
        args->Stack = (ulong)arena.Stack;
        args->StackSize = Arena.StackLength;
        args->Cgroup = (ulong)(wish.Cgroup ?? 0);
        request->Number = MachineArchitecture.Current!.Number(Syscall.clone3);
        request->Argument0 = (long)args;
        request->Argument1 = sizeof(CloneArgs);
    }
}
