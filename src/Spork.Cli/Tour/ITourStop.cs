namespace Spork.Cli.Tour;

/// <summary>One thing Spork can do, shown on this machine. A new capability adds a class and a line in <see cref="TourStops"/>.</summary>
internal interface ITourStop
{
    string Title { get; }

    /// <summary>Shows it, and checks what it shows.</summary>
    /// <exception cref="TourException">What happened is not what was promised.</exception>
    void Visit(TourGuide guide);
}
