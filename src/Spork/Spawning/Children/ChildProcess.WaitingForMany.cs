namespace Spork;

// Any of many, all of many. No thread, and nothing left behind in those that run on.
public sealed partial class ChildProcess
{
    /// <summary>Completes with the first of them that has ended; of several that had, the first in order.</summary>
    /// <param name="children">At least one.</param>
    /// <param name="cancellationToken">Stops waiting; the processes run on.</param>
    /// <exception cref="ArgumentException">There are none, or one is null.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public static Task<ChildProcess> WaitAnyAsync(
        IEnumerable<ChildProcess> children,
        CancellationToken cancellationToken = default
    )
    {
        var all = AtLeastOne(children);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<ChildProcess>(cancellationToken)
            : FirstAsync(all, cancellationToken);
    }

    /// <summary>Waits until one of them has ended.</summary>
    /// <inheritdoc cref="WaitAnyAsync"/>
    public static ChildProcess WaitAny(
        IEnumerable<ChildProcess> children,
        CancellationToken cancellationToken = default
    ) => First(AtLeastOne(children), Timeout.InfiniteTimeSpan, cancellationToken)!;

    /// <summary>Waits until one of them has ended or the time is up.</summary>
    /// <param name="children">At least one.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>The first that has ended, or null if all still run.</returns>
    /// <exception cref="ArgumentException">There are none, one is null, or the time is negative and not infinite.</exception>
    public static ChildProcess? WaitAny(IEnumerable<ChildProcess> children, TimeSpan timeout) =>
        First(AtLeastOne(children), Checked(timeout), CancellationToken.None);

    /// <summary>Completes when all of them have ended, with their statuses in order.</summary>
    /// <param name="children">None is fine.</param>
    /// <param name="cancellationToken">Stops waiting; the processes run on.</param>
    /// <exception cref="ArgumentException">One is null.</exception>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public static async Task<IReadOnlyList<ExitStatus>> WaitAllAsync(
        IEnumerable<ChildProcess> children,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(children);
        var statuses = new List<ExitStatus>();

        // One after the other comes to the same, and leaves nothing in those behind if the waiting is cancelled.
        foreach (var child in NoneNull(children))
        {
            statuses.Add(await child.WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        return statuses;
    }

    // Task.WhenAny takes its continuations back from the tasks that lost once one has won: so giving up is a task too.
    private static async Task<ChildProcess> FirstAsync(ChildProcess[] children, CancellationToken cancellationToken)
    {
        if (Array.Find(children, child => child.HasExited) is { } ended)
        {
            return ended;
        }

        var givenUp = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellationToken.UnsafeRegister(
            static state => ((TaskCompletionSource<ExitStatus>)state!).TrySetCanceled(),
            givenUp
        );
        var tasks = Array.ConvertAll(children, child => child.CompletionAsync());
        var first = await Task.WhenAny([.. tasks, givenUp.Task]).ConfigureAwait(false);
        return Array.IndexOf(tasks, first) is >= 0 and var index
            ? children[index]
            : throw new OperationCanceledException(cancellationToken);
    }

    private static ChildProcess? First(ChildProcess[] children, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Array.Find(children, child => child.HasExited) is { } ended)
        {
            return ended;
        }

        var givenUp = new TaskCompletionSource<ExitStatus>();
        var tasks = Array.ConvertAll(children, child => child.CompletionAsync());
        try
        {
            // Not WhenAny: it would need a thread of the pool to wake this one.
            var milliseconds = (int)timeout.TotalMilliseconds;
            var index = Task.WaitAny([.. tasks, givenUp.Task], milliseconds, cancellationToken);
            return index >= 0 ? children[index] : null;
        }
        finally
        {
            // A cancelled WaitAny leaves its continuations behind; this takes them back.
            givenUp.TrySetCanceled(CancellationToken.None);
        }
    }

    private static ChildProcess[] AtLeastOne(IEnumerable<ChildProcess> children)
    {
        ArgumentNullException.ThrowIfNull(children);
        var all = NoneNull(children);
        return all.Length > 0
            ? all
            : throw new ArgumentException("Nobody to wait for: it would be for ever.", nameof(children));
    }

    private static ChildProcess[] NoneNull(IEnumerable<ChildProcess> children)
    {
        var all = children.ToArray();
        return Array.Exists(all, child => child is null)
            ? throw new ArgumentException("One of them is null.", nameof(children))
            : all;
    }
}
