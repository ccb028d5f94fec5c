using System.Runtime.InteropServices;

namespace Spork.Dummy;

internal static partial class LibC
{
    public static nint SetDefaultAction(int signal) => Signal(signal, 0);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);
}
