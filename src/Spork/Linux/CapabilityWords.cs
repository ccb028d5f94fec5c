using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/capability.h <c>struct __user_cap_data_struct</c>: 32 of the 64 bits; two in a row make a set.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CapabilityWords
{
    internal uint Effective;
    internal uint Permitted;
    internal uint Inheritable;
}
