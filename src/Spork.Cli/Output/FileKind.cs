using System.Buffers.Binary;
using System.Text;

namespace Spork.Cli.Output;

/// <summary>What .NET does not tell about a path: whether it is a FIFO, a socket or a device.</summary>
internal static class FileKind
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int StatusSize = 256;
    private const int ModeOffset = 28; // struct statx has one layout on all architectures
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    public static unsafe bool IsSpecial(string path)
    {
        var name = Encoding.UTF8.GetBytes(path + '\0');
        var status = stackalloc byte[StatusSize];
        fixed (byte* start = name)
        {
            if (LibC.Status(CurrentDirectory, start, 0, TypeOnly, status) != 0)
            {
                return false;
            }
        }

        var mode = BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(status + ModeOffset, sizeof(ushort)));
        return (mode & TypeMask) != Regular;
    }
}
