using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Spork;

/// <summary>
/// What Spork tells <see cref="System.Diagnostics"/>: a span for each process, from just before it is made until it is
/// reaped, and four metrics. OpenTelemetry takes them by name: <c>AddSource(SporkTelemetry.ActivitySourceName)</c>,
/// <c>AddMeter(SporkTelemetry.MeterName)</c>. Nobody listens: nothing is made or measured.
/// </summary>
/// <remarks>
/// Names follow OpenTelemetry's conventions for CLI programs as their caller sees them (span kind CLIENT; development
/// status, so they may change); what those have no name for begins with <c>spork.</c>. docs/telemetry.md has the list.
/// The environment, the working directory and what is read or written are never recorded. Thread safe.
/// </remarks>
public static class SporkTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string ActivitySourceName = "Spork";

    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "Spork";

    private static volatile bool s_recordArguments;

    /// <summary>
    /// Whether spans carry the arguments (<c>process.command_args</c>), argv[0] first. Off by default, because passwords
    /// and tokens are found there; never part of a metric.
    /// </summary>
    public static bool RecordArguments
    {
        get => s_recordArguments;
        set => s_recordArguments = value;
    }

    /// <summary>
    /// A listener threw. Its exception is kept away from the command, whose start or end it happened to be called at, and
    /// handed to this event instead; without a handler it is lost. Handlers must not throw.
    /// </summary>
    public static event EventHandler<UnhandledExceptionEventArgs>? ListenerFailed;

    internal static void OnListenerFailed(Exception e) =>
        ListenerFailed?.Invoke(null, new UnhandledExceptionEventArgs(e, isTerminating: false));
}
