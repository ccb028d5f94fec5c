using System.Text;
using Spork.Cli.Syntax;

namespace Spork.Cli.Output;

/// <summary>
/// Errors are exactly one line on stderr that starts with <c>spork: </c>, so that scripts can rely on it. Written
/// with write(2) itself: Console needs assemblies and descriptors, which may be what is missing, and throws where
/// stderr is full or closed, which must never cost the exit code.
/// </summary>
internal static class ErrorLine
{
    private const int StandardError = 2;

    public static void Write(string message) => WriteRaw($"spork: {OneLine(message)}\n");

    /// <summary>A line that cannot be written is lost; there is nobody to tell.</summary>
    public static unsafe void WriteRaw(string text)
    {
        if (!LibC.IsCallers(StandardError))
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            for (nint at = 0; at < bytes.Length; )
            {
                var written = LibC.Write(StandardError, start + at, bytes.Length - at);
                if (written <= 0)
                {
                    return;
                }

                at += written;
            }
        }
    }

    /// <summary>
    /// File names may hold newlines and terminal escapes; printed raw they would break the promise of one line,
    /// or repaint the user's terminal.
    /// </summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length + 8);
        foreach (var c in RawText.Shown(text))
        {
            line.Append(
                c switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    _ when char.IsControl(c) => $"\\x{(int)c:x2}",
                    _ => c.ToString(),
                }
            );
        }

        return line.ToString();
    }
}
