using Spork.Spawning;

namespace Spork;

// Asked first, then forced.
public sealed partial class ChildProcess
{
    /// <summary>
    /// Stops it: sends the request, waits for its end up to the grace, then sends SIGKILL and waits again. Completes when
    /// everybody it was to reach has ended and the child is reaped. Parks no thread.
    /// </summary>
    /// <param name="options">How; null: as its command says (<see cref="Command.WithStop"/>), else <see cref="StopOptions.Default"/>.</param>
    /// <param name="forcefulCancellationToken">Ends the grace: SIGKILL at once. Never gives the stop up.</param>
    /// <exception cref="SystemCallException">
    /// EPERM: somebody runs as another user by now (sudo), and runs on. EMFILE, ENFILE, ENOMEM, or ENOENT (no /proc): the
    /// rest of the tree could not be looked for; the child was killed and reaped. That is not thrown in a cgroup of its own
    /// (kernel 5.14), all of which is killed even then; nor if only a last look failed, which
    /// <see cref="StopResult.LastLookFailure"/> tells.
    /// </exception>
    /// <exception cref="InvalidOperationException">Its process group was meant, and it was not started as a leader.</exception>
    public Task<StopResult> StopAsync(
        StopOptions? options = null,
        CancellationToken forcefulCancellationToken = default
    ) => StopOperation.RunAsync(this, OrUsual(options), forcefulCancellationToken);

    /// <summary>Stops it with this grace.</summary>
    /// <inheritdoc cref="StopAsync(StopOptions?, CancellationToken)"/>
    public Task<StopResult> StopAsync(TimeSpan grace, CancellationToken forcefulCancellationToken = default) =>
        StopOperation.RunAsync(this, OrUsual(null) with { Grace = grace }, forcefulCancellationToken);

    /// <summary>As <see cref="StopAsync(StopOptions?, CancellationToken)"/>, waiting on this thread.</summary>
    /// <inheritdoc cref="StopAsync(StopOptions?, CancellationToken)"/>
    public StopResult Stop(StopOptions? options = null, CancellationToken forcefulCancellationToken = default) =>
        StopOperation.Run(this, OrUsual(options), forcefulCancellationToken);

    /// <inheritdoc cref="StopAsync(TimeSpan, CancellationToken)"/>
    public StopResult Stop(TimeSpan grace, CancellationToken forcefulCancellationToken = default) =>
        StopOperation.Run(this, OrUsual(null) with { Grace = grace }, forcefulCancellationToken);

    /// <summary>
    /// Sends SIGKILL to the child and everything below it; see <see cref="StopReach.Tree"/>. Does not wait for their
    /// ends: <see cref="Stop(StopOptions?, CancellationToken)"/> with a grace of zero does.
    /// </summary>
    /// <exception cref="SystemCallException">
    /// EPERM: somebody runs as another user by now; the others were killed. EMFILE, ENFILE, ENOMEM, or ENOENT (no /proc):
    /// the rest of the tree could not be looked for; the child, and all that were found, were killed. In a cgroup of its
    /// own (kernel 5.14) all of it is killed even then, and nothing is thrown.
    /// </exception>
    public void KillTree()
    {
        using var tree = new ProcessTree(this, StopReach.Tree);
        try
        {
            tree.Find();
            tree.KillAsync(Pause.OnThisThread).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not SystemCallException { Errno: var errno } || errno != Errno.EPERM)
        {
            var all = tree.KillBlindly();
            if (!TryKill() || !all)
            {
                throw;
            }
        }

        tree.ThrowIfRefused();
        if (tree.LastLookFailure is { } failure)
        {
            throw new SystemCallException(
                failure.Call,
                failure.Subject,
                failure.Errno,
                "the child and all that were found got SIGKILL; the last look for others could not be made"
            );
        }
    }

    /// <summary>Sends a signal to the child, its process group or its tree, each process that is there now once.</summary>
    /// <exception cref="SystemCallException">EPERM: one runs as another user by now; the others got it.</exception>
    /// <exception cref="InvalidOperationException">Its process group was meant, and it was not started as a leader.</exception>
    public void SendSignal(Signal signal, StopReach reach)
    {
        if (signal.Number == 0)
        {
            throw new ArgumentException("default(Signal) is no signal.", nameof(signal));
        }

        using var tree = new ProcessTree(this, reach);
        tree.Find();
        tree.Signal(signal);
        tree.ThrowIfRefused();
    }

    private StopOptions OrUsual(StopOptions? options) => options ?? Options?.Stop ?? StopOptions.Default;
}
