using System.Runtime.InteropServices;

namespace Spork.Machine;

/// <summary>What the start stub reads and writes. Lives in memory that the child may still read after the parent returned.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StartRequest
{
    /// <summary>The syscall that makes the child: clone3 or clone.</summary>
    internal long Number;
    internal long Argument0;
    internal long Argument1;
    internal long Argument2;
    internal long Argument3;
    internal long Argument4;

    /// <summary>ProgramContext* for the interpreter.</summary>
    internal nint Context;

    /// <summary>The interpreter's first byte.</summary>
    internal nint Interpreter;

    internal ulong AllSignals;
    internal ulong SavedMask;
}
