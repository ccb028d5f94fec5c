using System.Runtime.InteropServices;
using Spork.Linux;

namespace Spork.Programs;

/// <summary>What the interpreter works on, and all that the parent will ever know about the child's progress.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramContext
{
    /// <summary>
    /// Non-zero while the child uses this memory. The kernel clears it and wakes its futex when the child lets go,
    /// at a successful exec or at exit (CLONE_CHILD_CLEARTID): exactly when stack and program may be reused.
    /// </summary>
    internal int InUse; // 0

    /// <summary>Index of the step being made; -1 before the first.</summary>
    internal int Current; // 4

    /// <summary>errno of the step that failed, or 0.</summary>
    internal int Error; // 8

    /// <summary>The gate's futex: 0 wait, 1 go.</summary>
    internal int Gate; // 12

    internal nint Steps; // 16
    internal nint Slots; // 24
    internal RobustListHead RobustList; // 32
    internal nint RobustEntry; // 56

    internal const int GateOffset = 12;
    internal const int RobustListOffset = 32;
    internal const int RobustEntryOffset = 56;
}
