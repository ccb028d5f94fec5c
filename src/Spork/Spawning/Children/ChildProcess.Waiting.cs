using Spork.Spawning;

namespace Spork;

public sealed partial class ChildProcess
{
    /// <summary>Waits until it ends.</summary>
    /// <param name="cancellationToken">Stops waiting; the process runs on.</param>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public ExitStatus Wait(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _status) is { } status)
        {
            return status;
        }

        if (!cancellationToken.CanBeCanceled && TryClaim())
        {
            return WaitInKernel();
        }

        var completion = CompletionAsync();
        completion.Wait(cancellationToken);
        return completion.Result;
    }

    /// <summary>Waits until it ends or the time is up.</summary>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>How it ended, or null if it still runs.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Negative and not infinite.</exception>
    public ExitStatus? Wait(TimeSpan timeout)
    {
        var limit = Checked(timeout);
        var completion = CompletionAsync();
        return completion.Wait(limit) ? completion.Result : null;
    }

    /// <summary>Completes when it ends. Parks no thread.</summary>
    /// <param name="cancellationToken">Stops waiting; the process runs on.</param>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public Task<ExitStatus> WaitAsync(CancellationToken cancellationToken = default) =>
        CompletionAsync().WaitAsync(cancellationToken);

    /// <summary>Waits in the kernel, on the pidfd itself. Only by who claimed it, or before anybody could.</summary>
    internal ExitStatus WaitInKernel()
    {
        Reaper.Reap(PidFd, block: true, out var exit);
        lock (_lock)
        {
            if (_status is null)
            {
                Publish(exit);
            }

            return _status!;
        }
    }

    private static TimeSpan Checked(TimeSpan timeout)
    {
        if (timeout < TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeout),
                timeout,
                "A time to wait is not negative; Timeout.InfiniteTimeSpan is for ever."
            );
        }

        // Beyond what a timer counts (24 days) nobody waits: for ever is near enough.
        return timeout.TotalMilliseconds <= int.MaxValue ? timeout : Timeout.InfiniteTimeSpan;
    }

    private Task<ExitStatus> CompletionAsync()
    {
        lock (_lock)
        {
            if (_completion is null)
            {
                _completion = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
                if (_status is not null)
                {
                    _completion.SetResult(_status);
                }
            }

            return _completion.Task;
        }
    }

    // Takes the child away from the reactor, so that its exit wakes one thread instead of two.
    private bool TryClaim()
    {
        lock (_lock)
        {
            if (_status is not null || _claimed)
            {
                return false;
            }

            _claimed = true;
            _reactor?.Remove(this);
            _reactor = null;
            return true;
        }
    }
}
