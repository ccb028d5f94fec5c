namespace Spork;

/// <summary>
/// Which of <see cref="SpawnAttributes"/> count; what is not flagged is inherited. The values are those of glibc's
/// <c>spawn.h</c>. See posix_spawnattr_setflags(3).
/// </summary>
[Flags]
public enum SpawnFlags
{
    /// <summary>Everything is inherited.</summary>
    None = 0,

    /// <summary>
    /// POSIX_SPAWN_RESETIDS: effective user and group become the real ones, before the file actions. Where they differ it
    /// is done in memory of the child's own, with libc's outcome; ENOTSUP where capabilities that libc's child
    /// would keep would be lost on the way (docs/porting.md says which), and on the rung <c>posix_spawn</c>.
    /// </summary>
    ResetIds = 0x01,

    /// <summary>POSIX_SPAWN_SETPGROUP: <see cref="SpawnAttributes.ProcessGroup"/>.</summary>
    SetPGroup = 0x02,

    /// <summary>POSIX_SPAWN_SETSIGDEF: <see cref="SpawnAttributes.SignalDefault"/>.</summary>
    SetSigDef = 0x04,

    /// <summary>POSIX_SPAWN_SETSIGMASK: <see cref="SpawnAttributes.SignalMask"/>.</summary>
    SetSigMask = 0x08,

    /// <summary>POSIX_SPAWN_SETSCHEDPARAM: <see cref="SpawnAttributes.SchedulingPriority"/>, in the inherited policy.</summary>
    SetSchedParam = 0x10,

    /// <summary>
    /// POSIX_SPAWN_SETSCHEDULER: <see cref="SpawnAttributes.SchedulingPolicy"/> and
    /// <see cref="SpawnAttributes.SchedulingPriority"/>, whether or not <see cref="SetSchedParam"/> is set.
    /// </summary>
    SetScheduler = 0x20,

    /// <summary>POSIX_SPAWN_USEVFORK: without effect, as in glibc since 2.24.</summary>
    UseVFork = 0x40,

    /// <summary>POSIX_SPAWN_SETSID: a new session.</summary>
    SetSid = 0x80,

    /// <summary>POSIX_SPAWN_SETCGROUP (glibc 2.39): born in <see cref="SpawnAttributes.Cgroup"/>.</summary>
    SetCgroup = 0x100,
}
