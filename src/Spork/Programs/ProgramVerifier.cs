namespace Spork.Programs;

/// <summary>
/// Refuses a program that could run off its end, read a result that does not exist yet, point outside its data, or
/// loop without bound. Runs once per compiled command, so it may be thorough.
/// </summary>
internal static class ProgramVerifier
{
    /// <exception cref="InvalidOperationException">What is wrong with which step.</exception>
    internal static void Verify(IReadOnlyList<Step> steps, int dataLength)
    {
        if (steps.Count == 0)
        {
            throw new InvalidOperationException("A child program needs at least one step.");
        }

        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            Require(step.Operands.Count <= NativeStep.OperandCount, i, step, "has more than six operands");
            foreach (var operand in step.Operands)
            {
                VerifyOperand(operand, i, step, dataLength);
            }

            Require(step.Next >= -1, i, step, "continues before the first step");
            Require(step.Next < steps.Count || step.IsExec, i, step, "continues past the end");
            foreach (var handler in step.Handlers)
            {
                Require(handler.Target >= 0 && handler.Target < steps.Count, i, step, "jumps outside the program");
                Require(handler.Target > i || handler.Budget >= 0 || step.Waits, i, step, "jumps back without bound");
            }

            Require(
                step.Next > i || step.Next == -1 || step.Waits || EnteredOnABudget(steps, i),
                i,
                step,
                "goes back without bound"
            );
        }
    }

    private static void VerifyOperand(Operand operand, int index, Step step, int dataLength)
    {
        var slotIsSet =
            operand.Slot is >= 0 and < Slot.FirstResult
            || (operand.Slot >= Slot.FirstResult && operand.Slot < Slot.FirstResult + index);
        Require(slotIsSet, index, step, "uses a result that is not there yet");
        var inside =
            operand.Slot != Slot.Image || (operand.Constant >= 0 && operand.Constant < Math.Max(1, dataLength));
        Require(inside, index, step, "points outside its data");
    }

    // A wait between two attempts goes back to the attempt; it is bounded if it is only ever entered by a budget.
    private static bool EnteredOnABudget(IReadOnlyList<Step> steps, int index) =>
        !steps.Any(s => s.Next == index && !s.IsExec)
        && steps.SelectMany(s => s.Handlers).Where(h => h.Target == index).All(h => h.Budget >= 0);

    private static void Require(bool condition, int index, Step step, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Step {index + 1}, {step.CallText}, {problem}.");
        }
    }
}
