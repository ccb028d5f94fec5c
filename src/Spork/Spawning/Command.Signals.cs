using Spork.Linux;

namespace Spork;

// Signals and the relations of the new process to others.
public sealed partial class Command
{
    /// <summary>With exactly these signals blocked. Default: none, whatever this thread blocks.</summary>
    /// <exception cref="ArgumentException">SIGKILL or SIGSTOP, which cannot be blocked.</exception>
    public Command WithSignalMask(params IEnumerable<Signal> blocked) =>
        new(_options with { SignalMask = SetOf(blocked, "blocked", nameof(blocked)) });

    /// <summary>
    /// With exactly these signals ignored, all others at their default. Default: none ignored, whatever this process
    /// or its runtime ignores (.NET ignores SIGPIPE).
    /// </summary>
    /// <exception cref="ArgumentException">SIGKILL or SIGSTOP, which cannot be ignored.</exception>
    public Command WithIgnoredSignals(params IEnumerable<Signal> ignored) =>
        new(_options with { IgnoredSignals = SetOf(ignored, "ignored", nameof(ignored)), KeepIgnoredSignals = false });

    /// <summary>
    /// Keeps ignored what this process ignores, as nohup(1) wants it; SIGPIPE goes back to default all the same, since
    /// it was the runtime that ignored it.
    /// </summary>
    public Command WithInheritedSignals() => new(_options with { KeepIgnoredSignals = true, IgnoredSignals = 0 });

    /// <summary>In a new session, and so a new process group, without a controlling terminal. See setsid(2).</summary>
    /// <exception cref="InvalidOperationException">A process group was asked for.</exception>
    public Command WithNewSession() =>
        _options.ProcessGroup is null
            ? new(_options with { NewSession = true })
            : throw new InvalidOperationException(
                "A new session and a process group exclude each other: a session's leader leads its own group."
            );

    /// <summary>In this process group, or in a new one of its own with 0. See setpgid(2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    /// <exception cref="InvalidOperationException">A new session was asked for.</exception>
    public Command WithProcessGroup(int processGroup = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(processGroup);
        return _options.NewSession
            ? throw new InvalidOperationException(
                "A new session and a process group exclude each other: a session's leader leads its own group."
            )
            : new(_options with { ProcessGroup = processGroup });
    }

    /// <summary>
    /// The child gets this signal when this process dies, even if that was before it asked for it. See
    /// PR_SET_PDEATHSIG(2const). A program that changes its credentials at exec loses it.
    /// </summary>
    /// <exception cref="ArgumentException">No signal: <c>default(Signal)</c>.</exception>
    /// <exception cref="InvalidOperationException">The command is detached: it outlives this process.</exception>
    public Command WithParentDeathSignal(Signal signal)
    {
        NotDefault(signal, nameof(signal));
        RefuseIfDetached("A parent-death signal");
        return new(_options with { ParentDeathSignal = signal });
    }

    // default(Signal) has number 0: as a bit of a mask it would be signal 64, as parent-death signal none at all.
    private static void NotDefault(Signal signal, string parameter)
    {
        if (signal.Number == 0)
        {
            throw new ArgumentException("default(Signal) is no signal.", parameter);
        }
    }

    private static ulong SetOf(IEnumerable<Signal> signals, string verb, string parameter)
    {
        ArgumentNullException.ThrowIfNull(signals, parameter);
        ulong set = 0;
        foreach (var signal in signals)
        {
            NotDefault(signal, parameter);
            if (signal == Signal.SIGKILL || signal == Signal.SIGSTOP)
            {
                throw new ArgumentException($"{signal.Name} cannot be {verb}.", parameter);
            }

            set |= SignalSet.Bit(signal.Number);
        }

        return set;
    }
}
