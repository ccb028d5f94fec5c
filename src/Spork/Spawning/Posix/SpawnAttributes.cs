namespace Spork;

/// <summary>
/// What a process made by <see cref="Posix.Spawn"/> is, beside its descriptors: posix_spawnattr_t. A value counts only
/// with its flag. Immutable and thread safe, if the sets are left alone.
/// </summary>
public sealed record SpawnAttributes
{
    /// <summary>What counts.</summary>
    public SpawnFlags Flags { get; init; }

    /// <summary>The process group, or 0 for a new one of its own. posix_spawnattr_setpgroup(3).</summary>
    public int ProcessGroup { get; init; }

    /// <summary>
    /// Signals that go to their default action although this process ignores them. Those it catches do in any case; all
    /// others it ignores stay ignored, SIGPIPE among them, which .NET ignores. posix_spawnattr_setsigdefault(3).
    /// </summary>
    public IReadOnlyCollection<Signal> SignalDefault { get; init; } = [];

    /// <summary>Exactly these are blocked; SIGKILL and SIGSTOP are passed over. posix_spawnattr_setsigmask(3).</summary>
    public IReadOnlyCollection<Signal> SignalMask { get; init; } = [];

    /// <summary>
    /// SCHED_OTHER 0, SCHED_FIFO 1, SCHED_RR 2, SCHED_BATCH 3, SCHED_IDLE 5. posix_spawnattr_setschedpolicy(3).
    /// </summary>
    public int SchedulingPolicy { get; init; }

    /// <summary>sched_priority; 0 but for SCHED_FIFO and SCHED_RR. posix_spawnattr_setschedparam(3).</summary>
    public int SchedulingPriority { get; init; }

    /// <summary>A descriptor of a cgroup's directory (v2). posix_spawnattr_setcgroup_np(3).</summary>
    public int Cgroup { get; init; }

    internal bool Has(SpawnFlags flag) => (Flags & flag) != 0;
}
