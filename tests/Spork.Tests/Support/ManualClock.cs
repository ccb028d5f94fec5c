namespace Spork.Tests.Support;

/// <summary>
/// A clock for timeouts that stands still until the test says that all time is over: nothing races on a busy machine.
/// </summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Timer> _timers = [];

    public Command For(Command command, TimeSpan? timeout = null) =>
        command.WithTimeout(timeout ?? TimeSpan.FromMilliseconds(1)).WithClock(this);

    /// <summary>Whether somebody counts already.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_timers)
            {
                return _timers.Count > 0;
            }
        }
    }

    public void EndAllTime()
    {
        Timer[] timers;
        lock (_timers)
        {
            timers = [.. _timers];
        }

        if (timers.Length == 0)
        {
            throw new InvalidOperationException("Nobody has asked this clock for the time.");
        }

        Array.ForEach(timers, timer => timer.Fire());
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(() => callback(state));
        lock (_timers)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private Action? _fire = fire;

        public void Fire() => Interlocked.Exchange(ref _fire, null)?.Invoke();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _fire = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
