using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/capability.h <c>struct __user_cap_header_struct</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityHeader
{
    internal const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    internal uint Version;
    internal int Pid;
}
