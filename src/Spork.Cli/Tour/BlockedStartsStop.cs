using System.Diagnostics;

namespace Spork.Cli.Tour;

internal sealed class BlockedStartsStop : ITourStop
{
    private const int Count = 200;

    /// <summary>The reactor, a timer and the pool's first workers may come; two hundred may not.</summary>
    private const int Tolerance = 8;

    public string Title => $"{Count} starts blocked at once, no thread each, cancelled cleanly";

    public void Visit(TourGuide guide)
    {
        TourGuide.Require(
            SpawnLadder.Current is not "posix_spawn",
            "posix_spawn parks its caller until the child has executed: this needs clone (see spork doctor)"
        );
        string[] fifos = [.. Enumerable.Range(0, Count).Select(i => guide.PathTo($"fifo{i}"))];
        TourGuide.Require(new Command("mkfifo", fifos).Run().IsSuccess, "mkfifo failed");

        using var cancellation = new CancellationTokenSource();
        var before = Threads();
        var watch = Stopwatch.StartNew();
        // Opening a FIFO for reading blocks until a writer comes, and none will.
        Task<ChildProcess>[] starts =
        [
            .. fifos.Select(fifo =>
                new Command("true").WithStandardInput(Stdio.Read(fifo)).StartAsync(cancellation.Token).AsTask()
            ),
        ];
        Thread.Sleep(100);
        var during = Threads();
        var blocked = starts.Count(start => !start.IsCompleted);
        guide.Result(
            $"{blocked} starts are blocked in open(2) after {watch.ElapsedMilliseconds} ms; threads: {before} before, {during} now (.NET's pool and timer, whatever the number of starts)"
        );

        watch.Restart();
        cancellation.Cancel();
        TourGuide.Require(WaitForAll(starts), "a cancelled start did not end within 20 s");
        var cancelled = starts.Count(start => start.IsCanceled);
        guide.Result($"{cancelled} were cancelled within {watch.ElapsedMilliseconds} ms; threads: {Threads()}");
        TourGuide.Require(blocked == Count, $"only {blocked} of {Count} starts were blocked");
        TourGuide.Require(cancelled == Count, $"only {cancelled} of {Count} starts were cancelled");
        TourGuide.Require(during - before <= Tolerance, $"{during - before} threads were added");
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static bool WaitForAll(Task[] tasks) =>
        Task.WhenAll(tasks).ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(20));
}
