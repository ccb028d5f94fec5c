namespace Spork;

/// <summary>Whom a stop or a signal reaches. What each can promise: docs/lifetimes.md.</summary>
public enum StopReach
{
    /// <summary>The child alone. What it started lives on.</summary>
    Process,

    /// <summary>
    /// The process group that the child leads, also after the child itself has ended (kernel 6.9; before, as long as it
    /// has not). Needs <see cref="Command.WithProcessGroup"/> or <see cref="Command.WithNewSession"/>.
    /// </summary>
    ProcessGroup,

    /// <summary>
    /// The child and everything below it. Complete with <see cref="Command.WithOwnCgroup"/>; without, it is found by
    /// parentage and, if the child leads a session or a group, by those.
    /// </summary>
    Tree,
}
