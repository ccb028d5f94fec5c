using System.Runtime.InteropServices;
using System.Text;

namespace Spork.Spawning;

/// <summary>
/// libc's environ, for the one thing the runtime's copy cannot tell: the bytes of a variable that is not valid UTF-8,
/// which .NET shows with U+FFFD in it. A child gets them as they were.
/// </summary>
internal static unsafe class LibcEnvironment
{
    private static readonly byte*** Environ = NativeLibrary.TryGetExport(
        NativeLibrary.GetMainProgramHandle(),
        "environ",
        out var address
    )
        ? (byte***)address
        : null;

    /// <summary>
    /// The bytes that .NET decoded to this entry, of every variable that it did so, each with a NUL. None: it was set
    /// since. Null: nothing was lost in it.
    /// </summary>
    internal static List<byte>? OriginalBytes(string entry)
    {
        if (!entry.Contains('\uFFFD') || Environ is null || *Environ is null)
        {
            return null;
        }

        var originals = new List<byte>();
        for (var variable = *Environ; *variable is not null; variable++)
        {
            var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*variable);
            if (Encoding.UTF8.GetString(bytes) == entry)
            {
                originals.AddRange(bytes);
                originals.Add(0);
            }
        }

        return originals;
    }
}
