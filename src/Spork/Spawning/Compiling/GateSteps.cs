using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// Waits for a go: a futex in shared memory, no descriptor. Twice a second the child looks whether its parent still
/// lives; a parent that died would otherwise leave it at the gate for ever.
/// </summary>
internal static class GateSteps
{
    private const long LookEveryNanoseconds = 500_000_000;

    /// <summary>The usual look: by its number.</summary>
    internal static void AddLook(ProgramBuilder program)
    {
        program.Add(Syscall.getppid, "gate", "parent", "is the parent still there");
        program.ExpectParent();
    }

    /// <param name="program">To add to.</param>
    /// <param name="addLook">Adds the one step that finds the parent, or ESRCH.</param>
    internal static void Add(ProgramBuilder program, Action<ProgramBuilder> addLook)
    {
        var look = program.NewLabel();
        var wait = program.NewLabel();
        var through = program.NewLabel();
        var timeout = new TimeSpec { Nanoseconds = LookEveryNanoseconds };

        program.Mark(look);
        addLook(program);
        program.Mark(wait);
        program.Add(
            Syscall.futex,
            "gate",
            "go",
            "wait for the go",
            Operand.SlotPlus(Slot.Context, ProgramContext.GateOffset, "&context->gate"),
            Operand.Named(Futex.FUTEX_WAIT, "FUTEX_WAIT"),
            0,
            program.Data.Struct(timeout, "{tv_sec=0, tv_nsec=500000000}")
        );
        // Woken (0) says nothing by itself: wait again, and find the word changed (EAGAIN).
        program.Waits();
        program.Then(wait);
        program.On(Errno.EAGAIN.Value, through);
        program.On(Errno.ETIMEDOUT.Value, look);
        program.On(Errno.EINTR.Value, wait);
        program.Mark(through);
    }
}
