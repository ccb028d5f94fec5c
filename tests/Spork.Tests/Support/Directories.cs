using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Spork.Tests.Support;

/// <summary>Descriptors that .NET does not open: directories, and any file without close-on-exec.</summary>
internal static partial class Directories
{
    private const int O_RDWR = 2;
    private const int O_DIRECTORY = 0x10000;
    private const int O_CLOEXEC = 0x80000;

    public static SafeFileHandle Open(string path) => Checked(path, O_DIRECTORY | O_CLOEXEC);

    /// <summary>A file that a careless fork and exec would hand to the child.</summary>
    public static SafeFileHandle OpenLeaking(string path) => Checked(path, 0);

    public static SafeFileHandle OpenBusy(string path) => Checked(path, O_RDWR | O_CLOEXEC);

    private static SafeFileHandle Checked(string path, int flags)
    {
        var handle = Open(path, flags);
        return handle >= 0
            ? new SafeFileHandle(handle, ownsHandle: true)
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"open {path}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
