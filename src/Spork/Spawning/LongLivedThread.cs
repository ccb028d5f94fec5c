using System.Collections.Concurrent;

namespace Spork.Spawning;

/// <summary>
/// A thread that lives as long as the process. PR_SET_PDEATHSIG is about the thread that made the child, not the
/// process: made on a pool thread, a child would be killed when the pool shrinks.
/// </summary>
internal static class LongLivedThread
{
    private static readonly Lazy<BlockingCollection<Action>> Queue = new(Begin);

    internal static T Run<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Value.Add(() =>
        {
            try
            {
                completion.SetResult(work());
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        });
        return completion.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Begin()
    {
        var queue = new BlockingCollection<Action>();
        var thread = new Thread(() =>
        {
            foreach (var action in queue.GetConsumingEnumerable())
            {
                action();
            }
        }, 256 * 1024)
        {
            IsBackground = true,
            Name = "spork parent",
        };
        thread.Start();
        return queue;
    }
}
