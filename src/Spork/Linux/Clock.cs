namespace Spork.Linux;

/// <summary>linux/time.h: clocks of clock_nanosleep(2).</summary>
internal static class Clock
{
    internal const int CLOCK_MONOTONIC = 1;
}
