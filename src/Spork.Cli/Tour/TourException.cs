namespace Spork.Cli.Tour;

/// <summary>A stop did not keep its promise on this machine.</summary>
internal sealed class TourException : Exception
{
    public TourException()
        : this("a stop failed") { }

    public TourException(string message)
        : base(message) { }

    public TourException(string message, Exception innerException)
        : base(message, innerException) { }
}
