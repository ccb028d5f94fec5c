namespace Spork.Cli.Syntax;

/// <summary><c>inherit</c>, <c>null</c>, <c>closed</c> or a file. A file of such a name is written <c>./null</c>.</summary>
internal static class StreamSpec
{
    public static Stdio ForReading(string option, string text) =>
        Keyword(text) ?? Stdio.Read(RawText.Bytes(File(option, text)));

    public static Stdio ForWriting(string option, string text) =>
        Keyword(text) ?? Stdio.Write(RawText.Bytes(File(option, text)));

    public static Stdio ForAppending(string option, string text) =>
        Keyword(text) is null
            ? Stdio.Append(RawText.Bytes(File(option, text)))
            : throw new UsageException(
                $"{option} {text}: only a file can be appended to; a file of this name is ./{text}"
            );

    public static Stdio? Keyword(string text) =>
        text switch
        {
            "inherit" => Stdio.Inherit,
            "null" => Stdio.Null,
            "closed" => Stdio.Closed,
            _ => null,
        };

    private static string File(string option, string text) =>
        text.Length > 0
            ? text
            : throw new UsageException($"{option} \"\": no file; write a path, inherit, null or closed");
}
