using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/resource.h <c>struct rlimit64</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RLimit
{
    internal ulong Soft;
    internal ulong Hard;
}
