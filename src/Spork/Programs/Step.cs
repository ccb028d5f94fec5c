using Spork.Linux;

namespace Spork.Programs;

/// <summary>One system call of a child program.</summary>
/// <param name="Call">The system call.</param>
/// <param name="Name">What users know it by, for example <c>chdir</c> or <c>open</c>.</param>
/// <param name="Subject">What it is about, for example the path.</param>
/// <param name="Note">Why it is there, for the listing.</param>
/// <param name="Operands">Up to six.</param>
internal sealed record Step(Syscall Call, string Name, string Subject, string Note, IReadOnlyList<Operand> Operands)
{
    /// <summary>Continues here on success; -1 ends the program with exit(0).</summary>
    internal int Next { get; init; }

    /// <summary>What to do on which errno; any other is reported and ends the program.</summary>
    internal IReadOnlyList<Handler> Handlers { get; init; } = [];

    /// <summary>The result must be the pid of the process that started the program, else ESRCH.</summary>
    internal bool ExpectsParent { get; init; }

    /// <summary>The result must be this, else ESRCH.</summary>
    internal long? Expected { get; init; }

    /// <summary>A step that becomes the new program, and returns only if it fails.</summary>
    internal bool IsExec => Call is Syscall.execve or Syscall.execveat;

    /// <summary>It becomes what the user asked for: execveat only becomes the second stage.</summary>
    internal bool BecomesProgram => Call is Syscall.execve;

    /// <summary>It waits in the kernel for somebody else, as the gate does, and may be tried again for ever.</summary>
    internal bool Waits { get; init; }

    /// <summary>As strace would print it.</summary>
    internal string CallText => $"{Call}({string.Join(", ", Operands.Select(o => o.Text))})";
}

/// <summary>On error: jump.</summary>
/// <param name="Errno">Which error; 0 for any.</param>
/// <param name="Target">Index of the step to go to.</param>
/// <param name="Budget">How often at most before it is reported after all; -1 for always.</param>
internal readonly record struct Handler(int Errno, int Target, int Budget);
