using System.Runtime.InteropServices;

namespace Spork.Dummy;

internal static partial class LibC
{
    public static nint SetDefaultAction(int signal) => Signal(signal, 0);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    public static unsafe (ulong Soft, ulong Hard) GetLimit()
    {
        var limit = stackalloc ulong[2];
        _ = GetLimit(OpenFiles, limit);
        return (limit[0], limit[1]);
    }

    public static unsafe void SetSoftLimit(ulong soft, (ulong Soft, ulong Hard) old)
    {
        var limit = stackalloc ulong[] { soft, old.Hard };
        _ = SetLimit(OpenFiles, limit);
    }

    private const int OpenFiles = 7;

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static unsafe partial int SetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);
}
