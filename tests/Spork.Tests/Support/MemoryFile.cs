using Microsoft.Win32.SafeHandles;
using Spork.Linux;

namespace Spork.Tests.Support;

/// <summary>A file without a name. memfd_create(2).</summary>
internal static unsafe class MemoryFile
{
    public static SafeFileHandle Create(ReadOnlySpan<byte> content)
    {
        nint number;
        fixed (byte* name = "spork-test\0"u8)
        {
            number = Sys.Call(
                Syscall.memfd_create,
                (nint)name,
                1 /* MFD_CLOEXEC */
            );
        }

        Assert.True(number >= 0, $"memfd_create: {Sys.ErrnoOf(number)}");
        var file = new SafeFileHandle(number, ownsHandle: true);
        RandomAccess.Write(file, content, 0);
        return file;
    }
}
