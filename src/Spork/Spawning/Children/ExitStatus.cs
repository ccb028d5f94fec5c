namespace Spork;

/// <summary>How a process ended.</summary>
public enum ExitKind
{
    /// <summary>It called exit.</summary>
    Exited,

    /// <summary>A signal ended it.</summary>
    Signaled,

    /// <summary>
    /// It ended, but its status could not be had: somebody else took it first (a <c>wait(-1)</c> in this process, or
    /// SIGCHLD set to ignore), or a filter refuses waitid(2); and the kernel could not be asked afterwards, because it is
    /// older than 6.15, or a filter refuses the ioctl PIDFD_GET_INFO, or the rung is <c>posix_spawn</c>, where a child that
    /// somebody takes at once is gone before it has a pidfd.
    /// </summary>
    Lost,
}

/// <summary>How a process ended, what it used, and how long it ran. Immutable.</summary>
public sealed class ExitStatus
{
    // What an exception names. Null: nobody told.
    private readonly string? _program;

    internal ExitStatus(
        string? program,
        ExitKind kind,
        int value,
        bool coreDumped,
        ResourceUsage? usage,
        DateTimeOffset startTime,
        TimeSpan elapsed
    )
    {
        _program = program;
        Kind = kind;
        Code = kind == ExitKind.Exited ? value : null;
        Signal = kind == ExitKind.Signaled ? new Signal(value) : null;
        CoreDumped = coreDumped;
        Usage = usage;
        StartTime = startTime;
        Elapsed = elapsed;
    }

    /// <summary>Exited, ended by a signal, or unknown.</summary>
    public ExitKind Kind { get; }

    /// <summary>The exit code, 0 to 255, if it exited.</summary>
    public int? Code { get; }

    /// <summary>The signal that ended it, if one did.</summary>
    public Signal? Signal { get; }

    /// <summary>Whether the signal left a core dump.</summary>
    public bool CoreDumped { get; }

    /// <summary>Exit code 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>As a shell's <c>$?</c>: the code, or 128 + signal; 125 when the status was lost.</summary>
    public int ShellCode => Code ?? (Signal is { } signal ? 128 + signal.Number : 125);

    /// <summary>What it used, its waited-for descendants included; null when somebody else reaped it.</summary>
    public ResourceUsage? Usage { get; }

    /// <summary>From just before the process was made until its end was noticed.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>When it was made, by the clock on the wall.</summary>
    public DateTimeOffset StartTime { get; }

    /// <summary>When its end was noticed: <see cref="Elapsed"/>, which no clock that is set changes, after its start.</summary>
    public DateTimeOffset ExitTime => StartTime + Elapsed;

    /// <summary>
    /// Relays only: whether a descendant still held the program's output open when the drain grace was over, so that what
    /// it writes later is not in it. See <see cref="Command.WithDrainGrace"/>.
    /// </summary>
    public bool StreamsCutOff { get; private set; }

    /// <summary><c>exit code 1</c>, <c>killed by SIGKILL</c>, or that the status was lost.</summary>
    public override string ToString() =>
        Kind switch
        {
            ExitKind.Exited => $"exit code {Code}",
            ExitKind.Signaled => $"killed by {Signal}{(CoreDumped ? " (core dumped)" : "")}",
            _ => "exit status lost: another part of this process reaped the child first",
        };

    /// <summary>This, if it is exit code 0.</summary>
    /// <exception cref="CommandFailedException">It is not. The message names program and status, no arguments.</exception>
    public ExitStatus EnsureSuccess() =>
        IsSuccess ? this : throw new CommandFailedException(_program ?? "the program", this, "");

    internal ExitStatus WithStreamsCutOff()
    {
        var copy = (ExitStatus)MemberwiseClone();
        copy.StreamsCutOff = true;
        return copy;
    }
}
