namespace Spork;

/// <summary>How a process is stopped: asked first, then forced. Immutable, thread safe.</summary>
public sealed record StopOptions
{
    /// <summary>SIGTERM, five seconds, the child alone.</summary>
    public static StopOptions Default { get; } = new();

    /// <summary>SIGKILL at once, the child alone.</summary>
    public static StopOptions Forceful { get; } = new() { Grace = TimeSpan.Zero };

    /// <summary>The request, SIGTERM if not said. SIGCONT follows it, since a stopped process would not hear it.</summary>
    /// <exception cref="ArgumentException">No signal, SIGCONT, or one that stops a process without ending it.</exception>
    public Signal Signal
    {
        get;
        init => field = Asking(value);
    } = Signal.SIGTERM;

    /// <summary>
    /// How long the request may take before SIGKILL; five seconds if not said. Zero: no request, SIGKILL at once.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: only the forceful token forces.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    public TimeSpan Grace
    {
        get;
        init =>
            field =
                value >= TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "A grace is not negative.");
    } = TimeSpan.FromSeconds(5);

    /// <summary>Whom it reaches: the child alone if not said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">None of the values.</exception>
    public StopReach Reach
    {
        get;
        init =>
            field = Enum.IsDefined(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a reach.");
    }

    private static Signal Asking(Signal signal)
    {
        if (signal.Number == 0)
        {
            throw new ArgumentException("default(Signal) is no signal.", nameof(signal));
        }

        // SIGCONT, which follows, takes a pending stop signal away; and none of them asks anybody to end.
        return
            signal == Signal.SIGCONT
            || signal == Signal.SIGSTOP
            || signal == Signal.SIGTSTP
            || signal == Signal.SIGTTIN
            || signal == Signal.SIGTTOU
            ? throw new ArgumentException(
                $"{signal.Name} pauses or continues a process; it asks none to end.",
                nameof(signal)
            )
            : signal;
    }
}
