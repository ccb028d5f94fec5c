namespace Spork.Cli.Bench.Streams;

/// <summary>What is measured: a number of bytes that goes some way.</summary>
internal sealed record StreamTask(string Name, string Title, long Bytes, bool IsLong, IReadOnlyList<string> Rivals)
{
    public const string Line = "line";
    public const string Kilobyte = "kilobyte";
    public const string Bytes100M = "bytes";
    public const string Text100M = "text";
    public const string Joined = "joined";
    public const string Relayed = "relayed";

    public static IReadOnlyList<StreamTask> All(StreamBenchOptions options) =>
        [
            new(Line, "a line of output, read to the end", StreamPrograms.LineLength, false, StreamRivals.Capturing),
            new(Kilobyte, "1 KB of output", 1_000, false, StreamRivals.Capturing),
            new(Bytes100M, "100 MB of output, as bytes", 100_000_000, true, StreamRivals.Capturing),
            new(Text100M, "100 MB of output, as a string", 100_000_000, true, StreamRivals.Capturing),
            new(Joined, $"{Size(options.JoinedBytes)} through a | b", options.JoinedBytes, true, StreamRivals.Joining),
            new(
                Relayed,
                $"{Size(options.RelayedBytes)} from one child to another, through the parent",
                options.RelayedBytes,
                true,
                StreamRivals.Relaying
            ),
        ];

    public string Source(string folder) => Path.Combine(folder, $"{Name}-source");

    public string Sink(string folder) => Path.Combine(folder, $"{Name}-sink");

    public void WritePrograms(string folder)
    {
        StreamPrograms.WriteSource(folder, $"{Name}-source", Bytes);
        StreamPrograms.WriteSink(folder, $"{Name}-sink", Bytes);
    }

    private static string Size(long bytes) =>
        bytes >= 1_000_000_000 ? $"{bytes / 1_000_000_000} GB" : $"{bytes / 1_000_000} MB";
}
