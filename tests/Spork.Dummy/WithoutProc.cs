using System.Runtime.InteropServices;

namespace Spork.Dummy;

// The runtime does not start without /proc, so it goes away afterwards, for this thread and its children alone.
internal static partial class WithoutProc
{
    private const int CLONE_FS = 0x200;
    private const int CLONE_NEWNS = 0x20000;
    private const int MS_REC = 0x4000;
    private const int MS_PRIVATE = 0x40000;
    private const int MNT_DETACH = 2;

    public const int CannotUnmount = 77;

    public static int Run(Command command) => Leave() ? command.Run().ShellCode : CannotUnmount;

    public static int RunAsync(Command command) =>
        Leave() ? command.RunAsync().GetAwaiter().GetResult().ShellCode : CannotUnmount;

    /// <summary>For this thread and those it makes.</summary>
    public static bool Leave() =>
        Unshare(CLONE_NEWNS | CLONE_FS) == 0
        && Mount("none", "/", null, MS_REC | MS_PRIVATE, 0) == 0
        && UnmountProc("/proc", MNT_DETACH) == 0
        && !File.Exists("/proc/self/stat");

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountProc(string target, int flags);
}
