namespace Spork;

/// <summary>What it took to stop a process.</summary>
public enum StopMeans
{
    /// <summary>Nothing: it, and whatever else was to be reached, had ended before.</summary>
    AlreadyEnded,

    /// <summary>The request: everything ended within the grace.</summary>
    Gracefully,

    /// <summary>SIGKILL.</summary>
    Forcefully,
}

/// <summary>How a stop went. Everything that it was to reach has ended. Immutable.</summary>
public sealed class StopResult
{
    internal StopResult(ExitStatus status, StopMeans means)
    {
        Status = status;
        Means = means;
    }

    /// <summary>How the child ended.</summary>
    public ExitStatus Status { get; }

    /// <summary>What it took.</summary>
    public StopMeans Means { get; }

    /// <summary><c>killed by SIGTERM, gracefully</c>.</summary>
    public override string ToString() =>
        Means switch
        {
            StopMeans.AlreadyEnded => $"{Status}, before it was stopped",
            StopMeans.Gracefully => $"{Status}, gracefully",
            _ => $"{Status}, forcefully",
        };
}
