namespace Spork.Cli.Bench;

/// <summary>One way of starting a program and waiting for its end.</summary>
internal interface ISpawner
{
    /// <summary>Starts and reaps one child; both times in <see cref="System.Diagnostics.Stopwatch"/> ticks.</summary>
    (long CallReturned, long Reaped) Spawn();

    /// <summary>The same without looking at the clock in between, as a user in a hurry would write it.</summary>
    void Run();
}
