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

/// <summary>
/// How a stop went. Everything that it was to reach has ended, as far as could be seen
/// (<see cref="LastLookFailure"/>). Immutable.
/// </summary>
public sealed class StopResult
{
    internal StopResult(ExitStatus status, StopMeans means, SystemCallException? lastLookFailure = null)
    {
        LastLookFailure = lastLookFailure;
        Status = status;
        Means = means;
    }

    /// <summary>How the child ended.</summary>
    public ExitStatus Status { get; }

    /// <summary>What it took.</summary>
    public StopMeans Means { get; }

    /// <summary>
    /// Null: nobody is left. Else the child and all of its tree or group that were found have ended, but this (EMFILE)
    /// kept a last look from being made, so somebody born meanwhile may be left. Never with a cgroup of its own.
    /// </summary>
    public SystemCallException? LastLookFailure { get; }

    /// <summary><c>killed by SIGTERM, gracefully</c>.</summary>
    public override string ToString() =>
        LastLookFailure is null
            ? How()
            : $"{How()}; nobody else was known, but the last look failed: {LastLookFailure.Message}";

    private string How() =>
        Means switch
        {
            StopMeans.AlreadyEnded => $"{Status}, before it was stopped",
            StopMeans.Gracefully => $"{Status}, gracefully",
            _ => $"{Status}, forcefully",
        };
}
