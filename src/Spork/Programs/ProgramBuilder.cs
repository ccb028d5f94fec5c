using Spork.Linux;

namespace Spork.Programs;

/// <summary>Collects steps and data, then compiles them. Not thread safe; used once.</summary>
/// <param name="before">How many steps another program makes before this one: listings count through both.</param>
internal sealed class ProgramBuilder(int before = 0)
{
    private readonly List<Step> _steps = [];
    private readonly List<int> _labels = [];

    internal ProgramData Data { get; } = new();

    internal int Count => _steps.Count;

    /// <summary>Appends a step; it continues with the next one unless told otherwise.</summary>
    internal int Add(Syscall call, string name, string subject, string note, params ReadOnlySpan<Operand> operands)
    {
        _steps.Add(new Step(call, name, subject, note, operands.ToArray()) { Next = ~NewLabelAt(_steps.Count + 1) });
        return _steps.Count - 1;
    }

    /// <summary>Gives a step another operand, one that was not known when it was added.</summary>
    internal void SetOperand(int step, int index, Operand operand)
    {
        Operand[] operands = [.. _steps[step].Operands];
        operands[index] = operand;
        _steps[step] = _steps[step] with { Operands = operands };
    }

    /// <summary>What an earlier step of this program returned.</summary>
    internal Operand ResultOf(int step) => Operand.Result(step) with { Text = $"<{before + step + 1}>" };

    /// <summary>Where that lies, for a call that reads a word from memory.</summary>
    internal Operand AddressOfResult(int step) =>
        before == 0
            ? Operand.AddressOfResult(step)
            : StaticElf.AddressOfSlot(Slot.FirstResult + step, $"[<{before + step + 1}>]");

    /// <summary>A place to jump to that is not known yet.</summary>
    internal int NewLabel() => NewLabelAt(-1);

    /// <summary>The label stands for the next step to be added.</summary>
    internal void Mark(int label) => _labels[label] = _steps.Count;

    /// <summary>The last step, on this errno (0: any), jumps to the label, at most <paramref name="budget"/> times.</summary>
    internal void On(int errno, int label, int budget = -1) =>
        _steps[^1] = _steps[^1] with { Handlers = [.. _steps[^1].Handlers, new Handler(errno, ~label, budget)] };

    /// <summary>The last step continues at the label.</summary>
    internal void Then(int label) => _steps[^1] = _steps[^1] with { Next = ~label };

    /// <summary>The program ends well after the last step (exit 0).</summary>
    internal void End() => _steps[^1] = _steps[^1] with { Next = -1 };

    /// <summary>The last step, getppid(2), must find the process that started the program; ESRCH if it is gone.</summary>
    internal void ExpectParent() => _steps[^1] = _steps[^1] with { ExpectsParent = true };

    /// <summary>The last step must return this; ESRCH if it does not.</summary>
    internal void Expect(long result) => _steps[^1] = _steps[^1] with { Expected = result };

    /// <summary>The last step waits for somebody else and may be tried again for ever.</summary>
    internal void Waits() => _steps[^1] = _steps[^1] with { Waits = true };

    /// <summary>Resolves labels, verifies, and lays the program out.</summary>
    /// <exception cref="InvalidOperationException">The program is wrong: a bug in whoever built it.</exception>
    internal ChildProgram Build()
    {
        // Labels travel as ~label (negative), and become indexes here; -1 stays "end".
        var steps = new Step[_steps.Count];
        for (var i = 0; i < steps.Length; i++)
        {
            var step = _steps[i];
            steps[i] = step with
            {
                Next = step.Next == -1 ? -1 : Marked(step.Next),
                Handlers = [.. step.Handlers.Select(h => h with { Target = Marked(h.Target) })],
            };
        }

        ProgramVerifier.Verify(steps, Data.Length);
        return ProgramLayout.LayOut(steps, Data);
    }

    // A label that leads nowhere must not pass for "end": the child would exit 0 without having become the program.
    private int Marked(int label) =>
        _labels[~label] is >= 0 and var step
            ? step
            : throw new InvalidOperationException("A jump leads to a label that was never marked.");

    private int NewLabelAt(int step)
    {
        // Label 0 would travel as -1, which means "end".
        if (_labels.Count == 0)
        {
            _labels.Add(-1);
        }

        _labels.Add(step);
        return _labels.Count - 1;
    }
}
