using System.Text;
using Spork.Linux;

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

    // 0 for what cannot be looked at.
    private static int Of(string path)
    {
        StatX status;
        fixed (byte* pointer = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return
                Sys.Call(Syscall.statx, Fcntl.AT_FDCWD, (nint)pointer, 0, (nint)StatX.STATX_TYPE, (nint)(&status)) == 0
                ? status.Mode & StatX.KindMask
                : 0;
        }
    }
}
