namespace Spork.Spawning;

/// <summary>
/// A capture that its program has to wait for gets a pipe of 1 MiB: each wake-up then hands over 16 times as much, and
/// 100 MB take two thirds of the time. Only so many at once, because the memory is the kernel's; and not for relays, whose
/// consumer may be slow for ever. See F_SETPIPE_SZ in fcntl(2).
/// </summary>
internal sealed class PipeSize(AsyncDescriptor pipe, bool mayGrow)
{
    private const int Usual = 64 * 1024;
    private const int Large = 1024 * 1024;
    private const int MostAtOnce = 32;
    private static int s_large;

    private bool _mayGrow = mayGrow;
    private bool _isLarge;

    internal void OnRead(int count)
    {
        if (!_mayGrow || count < Usual)
        {
            return;
        }

        _mayGrow = false;
        _isLarge = true;
        if (Interlocked.Increment(ref s_large) <= MostAtOnce)
        {
            // Refused (a user's share of large pipes is used up), it stays as it is.
            pipe.TryResize(Large);
        }
    }

    /// <summary>Nobody reads it any more.</summary>
    internal void Over()
    {
        if (_isLarge)
        {
            Interlocked.Decrement(ref s_large);
        }
    }
}
