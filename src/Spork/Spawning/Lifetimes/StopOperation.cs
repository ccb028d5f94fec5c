namespace Spork.Spawning;

/// <summary>
/// Asks, waits for the grace, forces, and waits again until everybody is gone. The forceful token ends the grace, never
/// the stop: what was begun ends with nobody left.
/// </summary>
/// <remarks>
/// Whatever goes wrong on the way (no descriptor, no memory, no /proc to look round with): at least the child is killed
/// and reaped, and all who can be reached without looking for them are killed, before it is thrown.
/// </remarks>
internal static class StopOperation
{
    // To look for a tree takes scans of /proc and waits for a standstill: not on the caller's thread.
    internal static Task<StopResult> RunAsync(ChildProcess child, StopOptions options, CancellationToken forceful) =>
        RunAsync(child, options, asked: null, forceful);

    /// <summary>
    /// Begins a stop, and completes as soon as the request is out, or cannot be made: for those who ask one after the other.
    /// A tree that has to be looked for may take seconds until it stands still; the forceful token ends the wait.
    /// </summary>
    /// <returns>The stop.</returns>
    internal static async Task<Task<StopResult>> AskAsync(
        ChildProcess child,
        StopOptions options,
        CancellationToken forceful
    )
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = RunAsync(child, options, asked, forceful);
        await asked.Task.WaitAsync(forceful).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop;
    }

    // Asked: always completed before the stop is.
    private static Task<StopResult> RunAsync(
        ChildProcess child,
        StopOptions options,
        TaskCompletionSource? asked,
        CancellationToken forceful
    ) =>
        options.Reach == StopReach.Process
            ? StopAsync(child, options, asked, forceful)
            : Task.Run(() => StopAsync(child, options, asked, forceful), CancellationToken.None);

    internal static StopResult Run(ChildProcess child, StopOptions options, CancellationToken forceful)
    {
        using var tree = new ProcessTree(child, options.Reach);
        try
        {
            // With a pause on this thread each of these completes before it returns.
            var begun = BeginAsync(tree, options, Pause.OnThisThread, forceful);
            var means = begun.GetAwaiter().GetResult();
            if (means == StopMeans.AlreadyEnded)
            {
                return End(tree, child, means);
            }

            if (means == StopMeans.Gracefully)
            {
                if (AreGone(tree, new Patience(options.Grace, forceful)))
                {
                    return End(tree, child, means);
                }

                tree.KillAsync(Pause.OnThisThread).GetAwaiter().GetResult();
            }

            AreGone(tree, Patience.Infinite);
            return End(tree, child, StopMeans.Forcefully);
        }
        catch (Exception e) when (!IsRefusal(e))
        {
            if (!KillBlindly(tree, child, out var killed))
            {
                _ = killed ? child.Wait(CancellationToken.None) : null;
                throw;
            }

            while (!tree.IsEmpty())
            {
                Thread.Sleep(1);
            }

            return End(tree, child, StopMeans.Forcefully);
        }
    }

    private static async Task<StopResult> StopAsync(
        ChildProcess child,
        StopOptions options,
        TaskCompletionSource? asked,
        CancellationToken forceful
    )
    {
        try
        {
            using var tree = new ProcessTree(child, options.Reach);
            return await StopAsync(tree, child, options, asked, forceful).ConfigureAwait(false);
        }
        finally
        {
            asked?.TrySetResult();
        }
    }

    private static async Task<StopResult> StopAsync(
        ProcessTree tree,
        ChildProcess child,
        StopOptions options,
        TaskCompletionSource? asked,
        CancellationToken forceful
    )
    {
        try
        {
            var means = await BeginAsync(tree, options, Pause.OfThePool, forceful).ConfigureAwait(false);
            asked?.TrySetResult();
            if (means == StopMeans.AlreadyEnded)
            {
                return End(tree, child, means);
            }

            if (means == StopMeans.Gracefully)
            {
                if (await AreGoneAsync(tree, new Patience(options.Grace, forceful)).ConfigureAwait(false))
                {
                    return End(tree, child, means);
                }

                await tree.KillAsync(Pause.OfThePool).ConfigureAwait(false);
            }

            await AreGoneAsync(tree, Patience.Infinite).ConfigureAwait(false);
            return End(tree, child, StopMeans.Forcefully);
        }
        catch (Exception e) when (!IsRefusal(e))
        {
            var isComplete = KillBlindly(tree, child, out var killed);
            asked?.TrySetResult();
            if (!isComplete)
            {
                _ = killed ? await child.WaitAsync(CancellationToken.None).ConfigureAwait(false) : null;
                throw;
            }

            while (!tree.IsEmpty())
            {
                await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
            }

            await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            return End(tree, child, StopMeans.Forcefully);
        }
    }

    // Everybody else is stopped by then, and who refused runs on: there is nothing to kill.
    private static bool IsRefusal(Exception e) => e is SystemCallException { Errno: var errno } && errno == Errno.EPERM;

    // True if nobody escaped. The child may have left the cgroup that everybody was to be in: it is killed by itself too.
    private static bool KillBlindly(ProcessTree tree, ChildProcess child, out bool killed)
    {
        var all = tree.KillBlindly();
        killed = child.TryKill();
        return all && killed;
    }

    // AlreadyEnded: there is no end to wait for.
    private static async Task<StopMeans> BeginAsync(
        ProcessTree tree,
        StopOptions options,
        Pause pause,
        CancellationToken forceful
    )
    {
        tree.Find();
        if (tree.HasEnded())
        {
            return StopMeans.AlreadyEnded;
        }

        if (options.Grace == TimeSpan.Zero || forceful.IsCancellationRequested)
        {
            await tree.KillAsync(pause).ConfigureAwait(false);
            return StopMeans.Forcefully;
        }

        await tree.AskAsync(options.Signal, pause).ConfigureAwait(false);
        return StopMeans.Gracefully;
    }

    private static StopResult End(ProcessTree tree, ChildProcess child, StopMeans means)
    {
        tree.ThrowIfRefused();
        tree.OnGone();
        return new StopResult(child.Wait(), means, tree.LastLookFailure);
    }

    // Whoever was born meanwhile is found when those known have ended: it has until the end of the grace as well.
    private static async Task<bool> AreGoneAsync(ProcessTree tree, Patience patience)
    {
        do
        {
            foreach (var end in tree.Ends())
            {
                if (!await patience.WaitAsync(end).ConfigureAwait(false))
                {
                    return false;
                }
            }
        } while (tree.FindsMore());

        return true;
    }

    private static bool AreGone(ProcessTree tree, Patience patience)
    {
        do
        {
            foreach (var end in tree.Ends())
            {
                if (!patience.Wait(end))
                {
                    return false;
                }
            }
        } while (tree.FindsMore());

        return true;
    }
}
