namespace Spork.Cli.Tour;

/// <summary>The stops in the order a newcomer should meet them.</summary>
internal static class TourStops
{
    public static IReadOnlyList<ITourStop> All { get; } =
    [
        new DoctorStop(),
        new ExitStatusStop(),
        new FailureStop(),
        new ExplainStop(),
        new DescriptorStop(),
        new BlockedStartsStop(),
        new CaptureStop(),
        new TreeStop(),
        new IsolationStop(),
        new TerminalStop(),
        new RaceStop(),
    ];
}
