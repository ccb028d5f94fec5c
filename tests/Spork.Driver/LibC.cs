using System.Runtime.InteropServices;

namespace Spork.Driver;

internal static unsafe partial class LibC
{
    private const int O_DIRECTORY = 0x10000;
    private const int O_CLOEXEC = 0x80000;

    internal static nint OpenDirectory(string path) => Open(path, O_DIRECTORY | O_CLOEXEC);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    internal static partial int Prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    internal static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    internal static partial nint PTrace(nint request, int pid, nint address, nint data);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    internal static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int MakeFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
