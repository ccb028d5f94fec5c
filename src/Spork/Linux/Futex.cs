using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/futex.h. Shared futexes only: the kernel's wake at exec and exit (CLONE_CHILD_CLEARTID) is a shared one.</summary>
internal static unsafe class Futex
{
    internal const int FUTEX_WAIT = 0;
    internal const int FUTEX_WAKE = 1;
    internal const uint FUTEX_OWNER_DIED = 0x40000000;

    /// <summary>Sleeps while the word has the value: 0, -EAGAIN, -EINTR or -ETIMEDOUT.</summary>
    internal static nint Wait(int* word, int value, TimeSpec* timeout) =>
        Sys.Call(Syscall.futex, (nint)word, FUTEX_WAIT, value, (nint)timeout);

    internal static void Wake(int* word, int count) => Sys.Call(Syscall.futex, (nint)word, FUTEX_WAKE, count);
}

/// <summary><c>struct __kernel_timespec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal long Seconds;
    internal long Nanoseconds;
}
