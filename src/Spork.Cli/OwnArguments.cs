using System.Text.Unicode;

namespace Spork.Cli;

/// <summary>
/// .NET decodes a program's arguments as UTF-8 and puts U+FFFD where they are not: a file name with other bytes would
/// silently become another file's. The kernel has the bytes as they were.
/// </summary>
internal static class OwnArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>What cannot be passed on as it was typed, or null.</summary>
    public static string? Undecodable(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Contains(Replacement, StringComparison.Ordinal) && !IsUtf8(args.Length - i))
            {
                return $"argument {i + 1}, '{args[i]}', is not valid UTF-8 and would reach the command changed; rename the file";
            }
        }

        return null;
    }

    /// <summary>Counted from the last: dotnet and the dll's path may stand before ours.</summary>
    private static bool IsUtf8(int fromEnd)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes("/proc/self/cmdline");
        var argument = rest;
        for (; fromEnd > 0 && rest.Length > 0; fromEnd--)
        {
            // Each argument ends with a zero byte.
            rest = rest[..^1];
            var start = rest.LastIndexOf((byte)0) + 1;
            argument = rest[start..];
            rest = rest[..start];
        }

        return Utf8.IsValid(argument);
    }
}
