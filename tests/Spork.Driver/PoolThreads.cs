namespace Spork.Driver;

/// <summary>The pool's threads, made before it matters, and no more of them afterwards.</summary>
internal static class PoolThreads
{
    /// <summary>
    /// A new thread takes a number from the process namespace, and descriptors while the runtime writes its code; where
    /// there are none of these the runtime ends the process.
    /// </summary>
    internal static void MakeAll()
    {
        var count = Environment.ProcessorCount;
        using var all = new Barrier(count + 1);
        for (var i = 0; i < count; i++)
        {
            ThreadPool.QueueUserWorkItem(_ => all.SignalAndWait());
        }

        all.SignalAndWait();
        ThreadPool.SetMaxThreads(count, count);
    }
}
