using System.Runtime.InteropServices;
using System.Text;

namespace Spork.Cli.Output;

/// <summary>Commands whose product is text need somewhere to put it; .NET itself would say "access denied", or nothing.</summary>
internal static class StandardOutput
{
    public static void Require()
    {
        if (!LibC.IsCallers(1))
        {
            throw new IOException("standard output is closed; give it a target, such as >FILE or >/dev/null");
        }
    }

    /// <summary>With write(2) itself: what went wrong has a name.</summary>
    public static unsafe bool TryWrite(string text, out Errno errno)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            for (nint at = 0; at < bytes.Length; )
            {
                var written = LibC.WriteOrError(1, start + at, bytes.Length - at);
                errno = written < 0 ? new Errno(Marshal.GetLastPInvokeError()) : default;
                if (written < 0 && errno != Errno.EINTR)
                {
                    return false;
                }

                at += Math.Max(written, 0);
            }
        }

        errno = default;
        return true;
    }
}
