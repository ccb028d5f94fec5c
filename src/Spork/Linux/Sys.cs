using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>Raw system calls from the parent's side, through libc's <c>syscall(2)</c>: result, or -errno.</summary>
internal static partial class Sys
{
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Invoke(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    /// <summary>
    /// Makes the call. Numbers come from the enum directly: on an architecture whose numbers differ, Spork is refused
    /// (SpawnLadder) before any call is made.
    /// </summary>
    internal static nint Call(Syscall call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        var result = Invoke((nint)(int)call, a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>As <see cref="Call"/>, made again when a signal interrupted it.</summary>
    internal static nint CallRestarting(
        Syscall call,
        nint a = 0,
        nint b = 0,
        nint c = 0,
        nint d = 0,
        nint e = 0,
        nint f = 0
    )
    {
        nint result;
        do
        {
            result = Call(call, a, b, c, d, e, f);
        } while (result == -Errno.EINTR.Value);
        return result;
    }

    /// <summary>The errno in a failed call's result.</summary>
    internal static Errno ErrnoOf(nint result) => new((int)-result);
}
