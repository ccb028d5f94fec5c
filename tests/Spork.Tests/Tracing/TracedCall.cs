using System.Globalization;
using System.Text.RegularExpressions;

namespace Spork.Tests.Tracing;

/// <summary>A system call as strace -f wrote it.</summary>
internal sealed partial record TracedCall(int Thread, string Text, string Result)
{
    /// <summary>The number, or -1 with a name in <see cref="Errno"/>.</summary>
    public long Value => long.TryParse(Result.Split(' ')[0], CultureInfo.InvariantCulture, out var value) ? value : 0;

    public string? Errno => Result.StartsWith("-1 ", StringComparison.Ordinal) ? Result.Split(' ')[1] : null;

    /// <summary>Reads a trace; a call that another thread's lines interrupted stands where it ended.</summary>
    public static IReadOnlyList<TracedCall> Read(string path)
    {
        var calls = new List<TracedCall>();
        var begun = new Dictionary<int, string>();
        foreach (var line in File.ReadLines(path))
        {
            var split = line.IndexOf(' ', StringComparison.Ordinal);
            var thread = int.Parse(line[..split], CultureInfo.InvariantCulture);
            var text = line[split..].TrimStart();
            if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = text[..^"<unfinished ...>".Length].TrimEnd();
                continue;
            }

            if (Resumed().Match(text) is { Success: true } resumed)
            {
                // An exec on any thread ends under the number of the process.
                var name = resumed.Groups["name"].Value + "(";
                var owner = Begins(begun, thread, name) ? thread : begun.Keys.Single(t => Begins(begun, t, name));
                text = begun[owner] + (begun[owner].EndsWith(',') ? " " : "") + text[resumed.Length..];
                begun.Remove(owner);
                thread = owner;
            }

            if (Complete().Match(text) is { Success: true } complete)
            {
                calls.Add(new TracedCall(thread, complete.Groups["call"].Value, complete.Groups["result"].Value));
            }
        }

        return calls;
    }

    private static bool Begins(Dictionary<int, string> begun, int thread, string name) =>
        begun.TryGetValue(thread, out var text) && text.StartsWith(name, StringComparison.Ordinal);

    [GeneratedRegex(@"^<\.\.\. (?<name>\w+) resumed>\s?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Resumed();

    [GeneratedRegex(
        @"^(?<call>\w+\(.*\)) += (?<result>.*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Complete();
}
