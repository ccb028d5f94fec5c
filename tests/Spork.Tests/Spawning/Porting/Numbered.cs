using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Descriptors at numbers of the test's choice, inheritable or not, which .NET's own handles never are.</summary>
internal static partial class Numbered
{
    public static SafeFileHandle Open(string path, int number, bool closeOnExec)
    {
        using var directory = Directories.OpenLeaking(path);
        var result = Duplicate((int)directory.DangerousGetHandle(), number, closeOnExec ? 0x80000 : 0);
        return result == number
            ? new SafeFileHandle(number, ownsHandle: true)
            : throw new Win32Exception(Marshal.GetLastPInvokeError(), $"dup3 to {number}");
    }

    public static void Seek(SafeFileHandle handle, long position) =>
        Assert.Equal(position, SetPosition((int)handle.DangerousGetHandle(), position, 0));

    /// <summary>Number, file, position and flags of all that a process has open, line by line.</summary>
    public static string Describe(int id)
    {
        // Where the tests' own output goes to a file, its position moves on while they are compared.
        var ours = Enumerable
            .Range(0, 3)
            .Select(number => File.ResolveLinkTarget($"/proc/self/fd/{number}", false)?.FullName)
            .ToArray();
        var text = new StringBuilder();
        foreach (var (number, target) in OtherProcess.Descriptors(id))
        {
            var lines = File.ReadLines($"/proc/{id}/fdinfo/{number}")
                .Where(line =>
                    IsSaid(line) && !(ours.Contains(target) && line.StartsWith("pos:", StringComparison.Ordinal))
                )
                .Select(line => line.Replace("\t", " "));
            text.Append(number).Append(' ').Append(target).Append(' ').AppendJoin(' ', lines).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsSaid(string line) =>
        line.StartsWith("pos:", StringComparison.Ordinal)
        || line.StartsWith("flags:", StringComparison.Ordinal)
        || line.StartsWith("ino:", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "dup3", SetLastError = true)]
    private static partial int Duplicate(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long SetPosition(int number, long position, int from);
}
