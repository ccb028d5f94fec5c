namespace Spork.Spawning;

/// <summary>
/// Between two looks whether processes have come to a standstill: a thread that belongs to the caller sleeps, one of the
/// pool goes elsewhere meanwhile. With <see cref="OnThisThread"/> what awaits it completes synchronously.
/// </summary>
internal sealed class Pause
{
    private readonly bool _sleeps;

    private Pause(bool sleeps) => _sleeps = sleeps;

    internal static Pause OnThisThread { get; } = new(sleeps: true);

    internal static Pause OfThePool { get; } = new(sleeps: false);

    internal Task TakeAsync()
    {
        if (!_sleeps)
        {
            return Task.Delay(1);
        }

        Thread.Sleep(1);
        return Task.CompletedTask;
    }
}
