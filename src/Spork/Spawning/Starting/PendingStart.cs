namespace Spork.Spawning;

/// <summary>
/// One start whose outcome is not known yet: of a process (<see cref="StartOperation"/>), or of a test's double. Every way
/// of starting a command comes through here.
/// </summary>
internal abstract class PendingStart
{
    /// <summary>It becomes the caller's when the start succeeds.</summary>
    internal abstract ChildProcess Child { get; }

    /// <summary>Completes when the outcome of an asynchronous start is known.</summary>
    internal abstract Task<ChildProcess> Completion { get; }

    /// <summary>Waits for the outcome on this thread. Cancellation kills the child.</summary>
    internal abstract ChildProcess WaitForOutcome(CancellationToken cancellationToken);

    /// <summary>Waits for the child's end on this thread; only for commands without handles.</summary>
    internal abstract ExitStatus WaitForEnd(CancellationToken cancellationToken);

    /// <summary>From now on cancellation kills the child, if it is not yet the program.</summary>
    internal abstract void CancelWith(CancellationToken cancellationToken);

    /// <summary>Gives up: the child is killed wherever it is blocked.</summary>
    internal abstract void Cancel();

    /// <summary>The child may go on to exec.</summary>
    internal abstract void OpenGate();
}
