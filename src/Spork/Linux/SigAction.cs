using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>The kernel's <c>struct sigaction</c> for rt_sigaction(2), not libc's; 32 bytes on x64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SigAction
{
    internal nint Handler;
    internal ulong Flags;
    internal nint Restorer;
    internal ulong Mask;

    internal const ulong SA_NOCLDWAIT = 2;
    internal const ulong SA_RESTORER = 0x04000000;
    internal const ulong SA_RESTART = 0x10000000;
    internal const int SIG_DFL = 0;
    internal const int SIG_IGN = 1;
    internal const int SIG_SETMASK = 2;
}
