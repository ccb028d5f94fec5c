using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Spork.Tests.Support;

/// <summary>Named pipes: opening one blocks, which is how tests hold a child at a known place.</summary>
internal static partial class Fifo
{
    public static string Create(string path)
    {
        if (MakeFifo(path, Convert.ToUInt32("600", 8)) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"mkfifo {path}");
        }

        return path;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFifo(string path, uint mode);
}
