using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/resource.h <c>struct rlimit64</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RLimit
{
    internal ulong Soft;
    internal ulong Hard;

    /// <summary>This process's; null if that is not to be had: a filter refuses the call.</summary>
    internal static unsafe RLimit? Of(Resource resource)
    {
        RLimit limit;
        return Sys.Call(Syscall.prlimit64, 0, (int)resource, 0, (nint)(&limit)) == 0 ? limit : null;
    }
}
