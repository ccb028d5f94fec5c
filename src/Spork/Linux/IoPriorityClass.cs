namespace Spork;

/// <summary>Classes of ioprio_set(2).</summary>
public enum IoPriorityClass
{
    /// <summary>None: derived from the nice value.</summary>
    None = 0,

    /// <summary>First access, always; needs CAP_SYS_ADMIN or CAP_SYS_NICE.</summary>
    RealTime = 1,

    /// <summary>The usual one.</summary>
    BestEffort = 2,

    /// <summary>Only when nobody else wants the disk.</summary>
    Idle = 3,
}
