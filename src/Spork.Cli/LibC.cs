using System.Runtime.InteropServices;

namespace Spork.Cli;

/// <summary>
/// The few calls .NET has no word for. Without SetLastError and strings on purpose: what these calls need is loaded
/// already, so that an error can still be told when no further descriptor is to be had.
/// </summary>
internal static partial class LibC
{
    private const int GetDescriptorFlags = 1; // F_GETFD
    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC

    /// <summary>
    /// Whether a standard stream came from the caller. Where the caller closed it, the runtime may have got the number
    /// for a file of its own, which is close-on-exec: what is written there is lost at best.
    /// </summary>
    public static bool IsCallers(int descriptor) => FileControl(descriptor, GetDescriptorFlags, 0) == 0;

    public static int Duplicate(int descriptor, int lowest) => FileControl(descriptor, DuplicateCloseOnExec, lowest);

    [LibraryImport("libc", EntryPoint = "write")]
    public static unsafe partial nint Write(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    public static partial int DuplicateTo(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "statx")]
    public static unsafe partial int Status(int directory, byte* path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint WriteOrError(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    public static unsafe partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    public static unsafe partial int Control(int descriptor, nuint request, ushort* argument);

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    public static partial int OwnProcessGroup();

    [LibraryImport("libc", EntryPoint = "tcgetpgrp")]
    public static partial int ForegroundProcessGroup(int terminal);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static unsafe partial int TerminalSettings(int terminal, byte* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static unsafe partial int SetTerminalSettings(int terminal, int when, byte* settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static unsafe partial void MakeRaw(byte* settings);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, nint argument);
}

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    public const short Readable = 1; // POLLIN

    public int Descriptor;
    public short Events;
    public short Returned;
}
