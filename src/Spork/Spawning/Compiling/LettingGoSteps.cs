using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>
/// First steps of an asynchronous start: they make the kernel itself tell one waiting thread about any number of
/// children, without a descriptor for each (<see cref="StartWaiter"/>).
/// </summary>
internal static class LettingGoSteps
{
    /// <summary>Which step's result is the futex word that dies with the child; see <see cref="StartWaiter"/>.</summary>
    internal const int OwnerStep = 0;

    internal static void Add(ProgramBuilder program)
    {
        program.Add(
            Syscall.set_tid_address,
            "set_tid_address",
            "",
            "wake the waiter at exec or exit",
            Operand.SlotPlus(Slot.Doorbell, 0, "&doorbell")
        );
        program.Add(
            Syscall.set_robust_list,
            "set_robust_list",
            "",
            "and mark which child it was",
            Operand.SlotPlus(Slot.Context, ProgramContext.RobustListOffset, "&context->robust_list"),
            24
        );
    }
}
