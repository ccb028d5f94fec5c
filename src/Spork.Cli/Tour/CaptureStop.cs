using System.Diagnostics;

namespace Spork.Cli.Tour;

internal sealed class CaptureStop : ITourStop
{
    private const long Much = 500_000_000;

    public string Title => "What programs say: captured, bounded, and piped from one to the next";

    public void Visit(TourGuide guide)
    {
        Both(guide);
        Pipe(guide);
        Reader(guide);
        Throughput(guide);
    }

    private static void Both(TourGuide guide)
    {
        const string Script = "echo out; echo err >&2; exit 3";
        var command = new Command("sh", "-c", Script);
        guide.Show($"{command}");
        var output = command.Capture();
        var (text, error) = (output.StandardOutput.Text.Trim(), output.StandardError.Text.Trim());
        guide.Result($"stdout \"{text}\", stderr \"{error}\", {output.Status}");
        TourGuide.Require((text, error, output.Status.Code) == ("out", "err", 3), "that is not what it wrote");
    }

    private static void Pipe(TourGuide guide)
    {
        var pipeline =
            Stdio.FromText("pear\napple\npear\n")
            | new Command("sort").WithEnvironmentVariable("LC_ALL", "C")
            | new Command("uniq", "-c");
        guide.Show($"\"pear\\napple\\npear\\n\" | {pipeline}");
        var lines = pipeline.Capture().EnsureSuccess().StandardOutput.Lines.Select(line => line.Trim()).ToList();
        guide.Result(string.Join(", ", lines));
        TourGuide.Require(lines is ["1 apple", "2 pear"], "the fruit was not counted right");
    }

    private static void Reader(TourGuide guide)
    {
        var pipeline = new Command("yes") | new Command("head", "-n", "2");
        guide.Show($"{pipeline}");
        var output = pipeline.Capture();
        guide.Result($"{output.Status}: {(output.Status.IsSuccess ? "a success" : "a failure")}");
        TourGuide.Require(
            output.Status.IsSuccess && output.StandardOutput.Text == "y\ny\n",
            "a writer whose reader had enough is no failure"
        );
    }

    private static void Throughput(TourGuide guide)
    {
        var pipeline = new Command("head", "-c", $"{Much}", "/dev/zero") | new Command("wc", "-c");
        guide.Show($"{pipeline}");
        var watch = Stopwatch.StartNew();
        var count = pipeline.Capture().EnsureSuccess().StandardOutput.Text.Trim();
        guide.Result(
            $"{count} bytes from child to child, none through spork: {Much / watch.Elapsed.TotalSeconds / 1e9:0.0} GB/s"
        );
        TourGuide.Require(count == $"{Much}", "bytes were lost");
    }
}
