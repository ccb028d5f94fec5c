namespace Spork.Cli.Bench.Streams;

/// <summary>The rivals of the stream bench, as tables and JSON name them.</summary>
internal static class StreamRivals
{
    public const string Capture = "Spork Capture";
    public const string CaptureBoth = "Spork Capture, stderr too";
    public const string CaptureAsync = "Spork CaptureAsync";
    public const string Pipe = "Spork Stdio.Pipe";
    public const string Process = "Process.Start";
    public const string Medallion = "MedallionShell";

    public const string Pipeline = "Spork Pipeline";
    public const string Shell = "sh -c 'a | b'";

    public const string ToStream = "Spork Stdio.ToStream";
    public const string FromStream = "Spork Stdio.FromStream";

    public static IReadOnlyList<string> Capturing { get; } =
    [Capture, CaptureBoth, CaptureAsync, Pipe, Process, Medallion];

    public static IReadOnlyList<string> Joining { get; } = [Pipeline, Shell];

    public static IReadOnlyList<string> Relaying { get; } = [ToStream, FromStream, Process, Medallion];

    public static IReadOnlyList<string> All { get; } =
    [.. Capturing.Concat(Joining).Concat(Relaying).Distinct(StringComparer.Ordinal)];
}
