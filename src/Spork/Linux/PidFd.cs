namespace Spork.Linux;

/// <summary>linux/pidfd.h: flags of pidfd_send_signal(2).</summary>
internal static class PidFd
{
    /// <summary>
    /// Kernel 6.9. To the group that the process leads or led: its number stays taken as long as the group has members,
    /// so this reaches them also after the leader was reaped.
    /// </summary>
    internal const uint PIDFD_SIGNAL_PROCESS_GROUP = 4;
}
