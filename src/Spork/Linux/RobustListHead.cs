using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/futex.h <c>struct robust_list_head</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RobustListHead
{
    internal nint Next;
    internal long FutexOffset;
    internal nint Pending;
}
