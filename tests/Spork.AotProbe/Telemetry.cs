using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spork.AotProbe;

/// <summary>Spans and metrics reach their listeners.</summary>
internal static class Telemetry
{
    public static Task SpanAndMetrics()
    {
        var (spans, measured) = (new List<Activity>(), new HashSet<string>(StringComparer.Ordinal));
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SporkTelemetry.ActivitySourceName,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(activities);
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == SporkTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, _, _, _) => Note(instrument));
        meters.SetMeasurementEventCallback<long>((instrument, _, _, _) => Note(instrument));
        meters.Start();
        Expect.Equal(3, new Command("sh", "-c", "exit 3").Run().Code);
        lock (spans)
        {
            var span = spans.Single(s => s.DisplayName == "sh");
            Expect.Equal("3", span.GetTagItem("process.exit.code")?.ToString() ?? "");
            Expect.Equal(ActivityStatusCode.Error, span.Status);
        }

        lock (measured)
        {
            Expect.Equal(
                "spork.process.active spork.process.duration spork.start.duration",
                string.Join(' ', measured.Order(StringComparer.Ordinal))
            );
        }

        return Task.CompletedTask;

        void Note(Instrument instrument)
        {
            lock (measured)
            {
                measured.Add(instrument.Name);
            }
        }
    }
}
