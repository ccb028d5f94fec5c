using System.Text;

namespace Spork.Spawning;

/// <summary>
/// Splits <see cref="System.Diagnostics.ProcessStartInfo.Arguments"/> as .NET documents it on Unix: blanks separate,
/// double quotes group, backslashes escape only before a double quote, a doubled quote inside quotes is one.
/// </summary>
internal static class ArgumentString
{
    internal static List<string> Split(string text)
    {
        var result = new List<string>();
        for (var i = 0; ; )
        {
            while (i < text.Length && text[i] is ' ' or '\t')
            {
                i++;
            }

            if (i >= text.Length)
            {
                return result;
            }

            result.Add(Next(text, ref i));
        }
    }

    private static string Next(string text, ref int i)
    {
        var argument = new StringBuilder();
        var quoted = false;
        for (; i < text.Length; i++)
        {
            var backslashes = 0;
            while (i < text.Length && text[i] == '\\')
            {
                backslashes++;
                i++;
            }

            var beforeQuote = i < text.Length && text[i] == '"';
            argument.Append('\\', beforeQuote ? backslashes / 2 : backslashes);
            if (i >= text.Length)
            {
                break;
            }

            if (beforeQuote && backslashes % 2 == 1)
            {
                argument.Append('"');
            }
            else if (beforeQuote && quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                argument.Append('"');
                i++;
            }
            else if (beforeQuote)
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] is ' ' or '\t')
            {
                break;
            }
            else
            {
                argument.Append(text[i]);
            }
        }

        return argument.ToString();
    }
}
