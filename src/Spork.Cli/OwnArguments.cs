using System.Text.Unicode;
using Spork.Cli.Syntax;

namespace Spork.Cli;

/// <summary>
/// .NET decodes a program's arguments as UTF-8 and puts U+FFFD where they are not: a file name with other bytes would
/// silently become another file's. The kernel has the bytes as they were.
/// </summary>
internal static class OwnArguments
{
    private const char Replacement = '\uFFFD';

    /// <summary>The arguments as they were typed: <see cref="RawText"/>.</summary>
    /// <exception cref="UsageException">Something may have been lost in one, and /proc is not there to tell.</exception>
    public static string[] AsTyped(string[] args)
    {
        byte[]? all = null;
        string[]? typed = null;
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].Contains(Replacement, StringComparison.Ordinal))
            {
                continue;
            }

            all ??= Read(i, args[i]);
            var argument = FromEnd(all, args.Length - i);
            if (!Utf8.IsValid(argument))
            {
                typed ??= [.. args];
                typed[i] = RawText.Decode(argument);
            }
        }

        return typed ?? args;
    }

    /// <summary>For commands that have no use for such bytes.</summary>
    public static void RequireText(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (RawText.IsRaw(args[i]))
            {
                throw new UsageException(
                    $"argument {i + 1}, '{RawText.Shown(args[i])}', is not valid UTF-8; only 'spork run' takes such words"
                );
            }
        }
    }

    private static byte[] Read(int index, string argument)
    {
        try
        {
            return File.ReadAllBytes("/proc/self/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(
                $"argument {index + 1}, '{argument}', may not be valid UTF-8, and without /proc its bytes are lost: mount it, or rename the file",
                e
            );
        }
    }

    /// <summary>Counted from the last: dotnet and the dll's path may stand before ours.</summary>
    private static ReadOnlySpan<byte> FromEnd(ReadOnlySpan<byte> rest, int fromEnd)
    {
        var argument = rest;
        for (; fromEnd > 0 && rest.Length > 0; fromEnd--)
        {
            // Each argument ends with a zero byte.
            rest = rest[..^1];
            var start = rest.LastIndexOf((byte)0) + 1;
            argument = rest[start..];
            rest = rest[..start];
        }

        return argument;
    }
}
