using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Whether a path leads to something that is no file with contents: exec refuses those with EACCES, whatever their mode.</summary>
internal static unsafe class FileKind
{
    /// <summary>In words, or null for a file, a directory, or what cannot be looked at.</summary>
    internal static string? Special(string path) =>
        Of(path) switch
        {
            StatX.CharacterDevice => "a character device",
            StatX.BlockDevice => "a block device",
            StatX.Fifo => "a FIFO",
            StatX.Socket => "a socket",
            _ => null,
        };

    internal static bool IsFifo(string path) => Of(path) == StatX.Fifo;

    internal static bool IsDirectory(string path) => Of(path) == StatX.Directory;

    /// <summary>Whether anything is there that can be looked at. .NET's own ways take no bytes that are no UTF-8.</summary>
    internal static bool Exists(string path) => Mode(path) != 0;

    /// <summary>Permissions, or null for what cannot be looked at.</summary>
    internal static UnixFileMode? Permissions(string path) =>
        Mode(path) is not 0 and var mode ? (UnixFileMode)(mode & ~StatX.KindMask) : null;

    private static int Of(string path) => Mode(path) & StatX.KindMask;

    // Kind and permissions. 0 for what cannot be looked at.
    private static int Mode(string path)
    {
        const nint Wanted = (nint)(StatX.STATX_TYPE | StatX.STATX_MODE);
        StatX status;
        fixed (byte* pointer = EscapedText.CString(path))
        {
            return Sys.Call(Syscall.statx, Fcntl.AT_FDCWD, (nint)pointer, 0, Wanted, (nint)(&status)) == 0
                ? status.Mode
                : 0;
        }
    }
}
