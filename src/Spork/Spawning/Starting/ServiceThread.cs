namespace Spork.Spawning;

/// <summary>The library's own threads: few, small, in the background, named.</summary>
internal static class ServiceThread
{
    private const int StackSize = 256 * 1024;

    /// <exception cref="SystemCallException">None is to be had; the runtime does not say why, but it is EAGAIN.</exception>
    internal static Thread Start(string name, ThreadStart work)
    {
        try
        {
            var thread = new Thread(work, StackSize) { IsBackground = true, Name = name };
            thread.Start();
            return thread;
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            throw new SystemCallException("pthread_create", name, Errno.EAGAIN);
        }
    }
}
