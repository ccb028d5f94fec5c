using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary>
/// <c>--fd</c>, in the shell's own shapes: <c>N=M</c> (M as the caller has it), <c>N=inherit|null|closed</c>,
/// <c>N&lt;FILE</c>, <c>N&gt;FILE</c>, <c>N&gt;&gt;FILE</c>.
/// </summary>
internal readonly record struct DescriptorSpec(int Number, Stdio Source)
{
    private const string Option = "--fd";

    public static DescriptorSpec Parse(string text)
    {
        var end = text.AsSpan().IndexOfAny('=', '<', '>');
        if (end <= 0 || !TryNumber(text[..end], out var number))
        {
            throw new UsageException(
                $"{Option} {Quote.Value(text)}: not understood; write N=M, N=null, N=closed, 'N<FILE', 'N>FILE' or 'N>>FILE'"
            );
        }

        var rest = text[(end + 1)..];
        var whole = $"{Option} {text}:";
        var source = text[end] switch
        {
            '<' => Stdio.Read(RawText.Bytes(File(text, rest))),
            '>' when rest.StartsWith('>') => Stdio.Append(RawText.Bytes(File(text, rest[1..]))),
            '>' => Stdio.Write(RawText.Bytes(File(text, rest))),
            _ => StreamSpec.Keyword(rest) ?? FromNumber(whole, rest),
        };
        // 0 to 2 may be closed, and then stay so; any other number that nobody opened may be one of .NET's own.
        if (number > 2 && text[end] == '=' && string.Equals(rest, "inherit", StringComparison.Ordinal))
        {
            InheritedDescriptor.Require(whole, number);
        }

        return new DescriptorSpec(number, source);
    }

    private static Stdio FromNumber(string whole, string text)
    {
        if (!TryNumber(text, out var number))
        {
            throw new UsageException(
                $"{whole} {Quote.Value(text)} is not a descriptor; write a number, inherit, null or closed, or 'N>FILE' for a file"
            );
        }

        InheritedDescriptor.Require(whole, number);
        return Stdio.FromDescriptor(number);
    }

    private static string File(string whole, string path) =>
        path.Length > 0
            ? path
            : throw new UsageException($"{Option} {Quote.Value(whole)}: no file; write a path after the sign");

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
