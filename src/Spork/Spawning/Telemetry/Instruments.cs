using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spork.Spawning;

/// <summary>The one source and the one meter. Made at the first start, since a listener must have something to find.</summary>
internal static class Instruments
{
    internal static readonly ActivitySource Source = new(SporkTelemetry.ActivitySourceName, Version);

    private static readonly Meter Meter = new(SporkTelemetry.MeterName, Version);

    /// <summary>From just before the process is made until it has become the program.</summary>
    internal static readonly Histogram<double> StartDuration = Meter.CreateHistogram(
        "spork.start.duration",
        "s",
        "From just before a process is made until it has become the program.",
        tags: null,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.00005,
                0.0001,
                0.00025,
                0.0005,
                0.001,
                0.0025,
                0.005,
                0.01,
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                5,
            ],
        }
    );

    /// <summary>From just before the process is made until its end is noticed.</summary>
    internal static readonly Histogram<double> ProcessDuration = Meter.CreateHistogram(
        "spork.process.duration",
        "s",
        "From just before a process is made until its end is noticed.",
        tags: null,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
            [
                0.001,
                0.0025,
                0.005,
                0.01,
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                2.5,
                5,
                10,
                30,
                60,
                300,
                3600,
            ],
        }
    );

    internal static readonly Counter<long> StartFailures = Meter.CreateCounter<long>(
        "spork.start.failures",
        "{start}",
        "Starts that failed or were cancelled."
    );

    internal static readonly UpDownCounter<long> Active = Meter.CreateUpDownCounter<long>(
        "spork.process.active",
        "{process}",
        "Processes being started or running."
    );

    private static string? Version => typeof(Instruments).Assembly.GetName().Version?.ToString(3);

    /// <summary>Whether anybody listens to anything.</summary>
    internal static bool AreListenedTo =>
        Source.HasListeners()
        || ProcessDuration.Enabled
        || StartDuration.Enabled
        || StartFailures.Enabled
        || Active.Enabled;
}
