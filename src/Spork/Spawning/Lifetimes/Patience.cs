using System.Diagnostics;

namespace Spork.Spawning;

/// <summary>A time that is used up by several waits, one after the other, or ended by a token.</summary>
internal sealed class Patience(TimeSpan time, CancellationToken impatient)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    internal static Patience Infinite => new(Timeout.InfiniteTimeSpan, CancellationToken.None);

    /// <summary>False if the time was over, or the token came, before the task was completed.</summary>
    internal async Task<bool> WaitAsync(Task task)
    {
        if (!task.IsCompleted && !impatient.IsCancellationRequested)
        {
            await ((Task)task.WaitAsync(Left(), impatient)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return task.IsCompleted;
    }

    /// <inheritdoc cref="WaitAsync"/>
    internal bool Wait(Task task)
    {
        try
        {
            return task.IsCompleted || task.Wait(Left(), impatient);
        }
        catch (OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }

    // Beyond what a timer counts (24 days) nobody waits: for ever is near enough.
    private TimeSpan Left()
    {
        if (time == Timeout.InfiniteTimeSpan || time.TotalMilliseconds > int.MaxValue)
        {
            return Timeout.InfiniteTimeSpan;
        }

        var left = time - Stopwatch.GetElapsedTime(_started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
