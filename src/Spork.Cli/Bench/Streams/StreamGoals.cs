namespace Spork.Cli.Bench.Streams;

/// <summary>The goals of streams (issue 3). Ratios are taken within a round and their median reported.</summary>
internal static class StreamGoals
{
    public static IReadOnlyList<Goal> Judge(IReadOnlyList<StreamResult> results)
    {
        return
        [
            new(
                "a line, read to the end: Capture ÷ Process.Start",
                Ratio(StreamTask.Line, StreamRivals.Capture, StreamRivals.Process),
                0.6,
                AtMost: true,
                "0.00"
            ),
            // Throughput is the inverse of time.
            new(
                "throughput of a | b: Pipeline ÷ the shell's pipe",
                Ratio(StreamTask.Joined, StreamRivals.Shell, StreamRivals.Pipeline),
                0.9,
                AtMost: false,
                "0.00"
            ),
        ];

        Spread? Ratio(string task, string one, string other) =>
            results.FirstOrDefault(r => r.Is(task, one)) is { } mine
            && results.FirstOrDefault(r => r.Is(task, other)) is { } theirs
                ? mine.TimesAsLongAs(theirs)
                : null;
    }
}
