using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>asm-generic/siginfo.h <c>siginfo_t</c> as waitid(2) fills it; 128 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct SigInfo
{
    [FieldOffset(0)]
    internal int Signo;

    [FieldOffset(4)]
    internal int Errno;

    [FieldOffset(8)]
    internal int Code;

    [FieldOffset(16)]
    internal int Pid;

    [FieldOffset(20)]
    internal uint Uid;

    [FieldOffset(24)]
    internal int Status;
}
