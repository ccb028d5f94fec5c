using System.Text;

namespace Spork.Cli.Output;

/// <summary>Errors are exactly one line on stderr that starts with <c>spork: </c>, so that scripts can rely on it.</summary>
internal static class ErrorLine
{
    public static void Write(string message) => Console.Error.Write($"spork: {OneLine(message)}\n");

    /// <summary>
    /// File names may hold newlines and terminal escapes; printed raw they would break the promise of one line,
    /// or repaint the user's terminal.
    /// </summary>
    public static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 8);
        foreach (var c in text)
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
