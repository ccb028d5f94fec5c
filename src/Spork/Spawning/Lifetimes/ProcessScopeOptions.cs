namespace Spork;

/// <summary>What a <see cref="ProcessScope"/> does with its children. Immutable, thread safe.</summary>
public sealed record ProcessScopeOptions
{
    /// <summary>
    /// How they are stopped, if their command does not say (<see cref="Command.WithStop"/>). With
    /// <see cref="StopReach.Tree"/> each is started in a cgroup of its own where one can be made.
    /// </summary>
    public StopOptions Stop
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = StopOptions.Default;

    /// <summary>
    /// If this process ends without stopping them, SIGKILL included, the kernel kills them
    /// (<see cref="Command.WithKillOnParentExit"/>, with its limits). True if not said; a command with a parent-death
    /// signal of its own keeps that.
    /// </summary>
    public bool KillOnParentExit { get; init; } = true;

    /// <summary>The first that ends otherwise than with exit code 0 has all others stopped. False if not said.</summary>
    public bool StopOnFailure { get; init; }
}
