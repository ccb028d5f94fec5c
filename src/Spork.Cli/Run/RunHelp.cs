using System.CommandLine;

namespace Spork.Cli.Run;

/// <summary>System.CommandLine puts options last in its usage line; behind CMD they would be the command's.</summary>
internal static class RunHelp
{
    public const string CommandWords = "CMD [ARG…]";

    public static int Print(ParseResult parsed)
    {
        using var text = new StringWriter();
        var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = text });
        Console.Out.Write(
            text.ToString()
                .Replace($"[<{CommandWords}>...] [options]", $"[options] [--] {CommandWords}", StringComparison.Ordinal)
                .Replace($"<{CommandWords}>", CommandWords, StringComparison.Ordinal)
        );
        return code;
    }
}
