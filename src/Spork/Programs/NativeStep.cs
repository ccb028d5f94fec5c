using System.Runtime.InteropServices;

namespace Spork.Programs;

/// <summary>A step as the interpreter reads it. 128 bytes; the machine code knows every offset.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal unsafe struct NativeStep
{
    internal const int OperandCount = 6;
    internal const int ExpectedOffset = 24;

    internal int Number; // 0
    internal int Next; // 4
    internal int HandlersOffset; // 8, from the first step
    internal int HandlerCount; // 12
    internal int HasExpected; // 16
    internal int UnexpectedErrno; // 20
    internal long Expected; // 24
    internal fixed int OperandSlots[OperandCount]; // 32
    internal fixed long OperandConstants[OperandCount]; // 56
}

/// <summary>A handler as the interpreter reads it; 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeHandler
{
    internal int Errno; // 0: any
    internal int Target;
    internal int Budget; // counted down in place; -1: unlimited
}
