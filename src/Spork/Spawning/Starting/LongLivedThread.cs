using System.Collections.Concurrent;

namespace Spork.Spawning;

/// <summary>
/// A thread that lives as long as the process. PR_SET_PDEATHSIG is about the thread that made the child, not the
/// process: made on a pool thread, a child would be killed when the pool shrinks.
/// </summary>
internal static class LongLivedThread
{
    private static readonly Lock Creation = new();
    private static BlockingCollection<Action>? s_queue;

    internal static T Run<T>(Func<T> work)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue()
            .Add(() =>
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

    // Not a Lazy, which would remember for ever that there was no thread once.
    private static BlockingCollection<Action> Queue()
    {
        lock (Creation)
        {
            return s_queue ??= Begin();
        }
    }

    private static BlockingCollection<Action> Begin()
    {
        var queue = new BlockingCollection<Action>();
        ServiceThread.Start(
            "spork parent",
            () =>
            {
                foreach (var action in queue.GetConsumingEnumerable())
                {
                    action();
                }
            }
        );
        return queue;
    }
}
