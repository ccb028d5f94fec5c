using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/stat.h <c>struct statx</c> of statx(2), 256 bytes: what is read of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatX
{
    /// <summary>What the kernel filled in.</summary>
    [FieldOffset(0)]
    internal uint Mask;

    /// <summary>Kind and permissions.</summary>
    [FieldOffset(28)]
    internal ushort Mode;

    internal const uint STATX_TYPE = 1;
    internal const uint STATX_MODE = 2;

    // S_IFMT and the kinds. Not under C's names: linux/stat.h hides those where there is glibc, so the test that compares
    // all such names with the kernel's headers would not find them; one of their own asks libc's.
    internal const int KindMask = 0xF000;
    internal const int Fifo = 0x1000;
    internal const int CharacterDevice = 0x2000;
    internal const int Directory = 0x4000;
    internal const int BlockDevice = 0x6000;
    internal const int Socket = 0xC000;
}
