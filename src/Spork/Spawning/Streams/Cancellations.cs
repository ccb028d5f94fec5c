namespace Spork.Spawning;

/// <summary>When the relays of one child stop. Each source is cancelled at most once, and timers end with the relays.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A token may still be in a consumer's hands; timers are stopped."
)]
internal sealed class Cancellations
{
    private readonly CancellationTokenSource _input = new();
    private readonly CancellationTokenSource _inputGivenUp = new();
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenSource _all = new();
    private readonly CancellationTokenSource _allGivenUp = new();

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

        // Last, because it calls back into sources and delegates, which may throw here.
        _input.Cancel();
    }

    internal void StopAll(TimeSpan patience)
    {
        _inputGivenUp.CancelAfter(patience);
        _allGivenUp.CancelAfter(patience);
        _drained.Cancel();
        _all.Cancel();
        _input.Cancel();
    }

    /// <summary>No timer goes off for nothing.</summary>
    internal void Over()
    {
        _inputGivenUp.CancelAfter(Timeout.InfiniteTimeSpan);
        _drained.CancelAfter(Timeout.InfiniteTimeSpan);
        _allGivenUp.CancelAfter(Timeout.InfiniteTimeSpan);
    }
}
