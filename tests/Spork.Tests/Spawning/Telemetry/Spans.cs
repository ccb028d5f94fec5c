using System.Collections.Concurrent;
using System.Diagnostics;

namespace Spork.Tests.Spawning.Telemetry;

/// <summary>Listens to Spork's spans below a span of the test's own, which is current until this is disposed.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans()
    {
        Parent = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SporkTelemetry.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _ => Interlocked.Increment(ref _started),
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private int _started;

    public Activity Parent { get; }

    public int Started => Volatile.Read(ref _started);

    public IReadOnlyList<Activity> Ended => [.. _ended.Where(a => a.TraceId == Parent.TraceId)];

    /// <summary>Exactly one, and over.</summary>
    public Activity Single()
    {
        Assert.Equal(1, Started);
        return Assert.Single(Ended);
    }

    public void Dispose()
    {
        _listener.Dispose();
        Parent.Stop();
    }

    public static string? Text(Activity span, string name) => span.GetTagItem(name)?.ToString();
}
