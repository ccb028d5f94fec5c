namespace Spork.Spawning;

/// <summary>When the relays of one child stop. Each source is cancelled at most once, and timers end with the relays.</summary>
/// <remarks>
/// Sources and delegates have two of these tokens, and what they registered on them may throw or block: it runs on the
/// pool and not on the thread of who cancels (a timer's, where an exception would end this process), and what it throws
/// is a failure of the relays.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A token may still be in a consumer's hands; timers are stopped."
)]
internal sealed class Cancellations
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _input = new();
    private readonly CancellationTokenSource _inputGivenUp = new();
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenSource _all = new();
    private readonly CancellationTokenSource _allGivenUp = new();
    private Task _callbacks = Task.CompletedTask;

    /// <summary>The program needs no more input.</summary>
    internal CancellationToken Input => _input.Token;

    /// <summary>A source that did not listen is left behind.</summary>
    internal CancellationToken InputGivenUp => _inputGivenUp.Token;

    /// <summary>An empty pipe is not waited for any more.</summary>
    internal CancellationToken Drained => _drained.Token;

    /// <summary>Everything stops.</summary>
    internal CancellationToken All => _all.Token;

    /// <summary>A consumer that did not listen is left behind.</summary>
    internal CancellationToken AllGivenUp => _allGivenUp.Token;

    /// <summary>Completes when everybody was told who is to be told by now; fails with what their callbacks threw.</summary>
    internal Task Told
    {
        get
        {
            lock (_lock)
            {
                return _callbacks;
            }
        }
    }

    internal void ProgramEnded(TimeSpan inputPatience, TimeSpan drainGrace)
    {
        _inputGivenUp.CancelAfter(inputPatience);
        if (drainGrace == TimeSpan.Zero)
        {
            _drained.Cancel();
        }
        else if (drainGrace != Timeout.InfiniteTimeSpan)
        {
            _drained.CancelAfter(drainGrace);
        }

        Tell(_input);
    }

    /// <summary>What is in the pipes is read to its end; nobody waits for what a descendant may add.</summary>
    internal void EndDrain() => _drained.Cancel();

    internal void StopAll(TimeSpan patience)
    {
        _inputGivenUp.CancelAfter(patience);
        _allGivenUp.CancelAfter(patience);
        _drained.Cancel();
        Tell(_all);
        Tell(_input);
    }

    /// <summary>No timer goes off for nothing.</summary>
    internal void Over()
    {
        _inputGivenUp.CancelAfter(Timeout.InfiniteTimeSpan);
        _drained.CancelAfter(Timeout.InfiniteTimeSpan);
        _allGivenUp.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    // Whoever asks the token is told at once; callbacks come after.
    private void Tell(CancellationTokenSource source)
    {
        lock (_lock)
        {
            _callbacks = Task.WhenAll(_callbacks, source.CancelAsync());
        }
    }
}
