namespace Spork.Spawning;

/// <summary>
/// Asks, waits for the grace, forces, and waits again until everybody is gone. The forceful token ends the grace, never
/// the stop: what was begun ends with nobody left.
/// </summary>
internal static class StopOperation
{
    internal static async Task<StopResult> RunAsync(ChildProcess child, StopOptions options, CancellationToken forceful)
    {
        using var tree = new ProcessTree(child, options.Reach);
        try
        {
            if (!Begin(tree, options, forceful, out var means))
            {
                return End(tree, child, means);
            }

            if (means == StopMeans.Gracefully)
            {
                if (await AreGoneAsync(tree, new Patience(options.Grace, forceful)).ConfigureAwait(false))
                {
                    return End(tree, child, means);
                }

                tree.Kill();
            }

            await AreGoneAsync(tree, Patience.Infinite).ConfigureAwait(false);
            return End(tree, child, StopMeans.Forcefully);
        }
        catch (SystemCallException e) when (IsBlind(e) && child.TryKill())
        {
            await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    internal static StopResult Run(ChildProcess child, StopOptions options, CancellationToken forceful)
    {
        using var tree = new ProcessTree(child, options.Reach);
        try
        {
            if (!Begin(tree, options, forceful, out var means))
            {
                return End(tree, child, means);
            }

            if (means == StopMeans.Gracefully)
            {
                if (AreGone(tree, new Patience(options.Grace, forceful)))
                {
                    return End(tree, child, means);
                }

                tree.Kill();
            }

            AreGone(tree, Patience.Infinite);
            return End(tree, child, StopMeans.Forcefully);
        }
        catch (SystemCallException e) when (IsBlind(e) && child.TryKill())
        {
            child.Wait(CancellationToken.None);
            throw;
        }
    }

    // No descriptor, no memory, no /proc to look round with: then at least the child itself is ended, at once.
    private static bool IsBlind(SystemCallException e) => e.Errno != Errno.EPERM;

    // True if there is an end to wait for.
    private static bool Begin(ProcessTree tree, StopOptions options, CancellationToken forceful, out StopMeans means)
    {
        tree.Find();
        means = StopMeans.AlreadyEnded;
        if (tree.HasEnded())
        {
            return false;
        }

        if (options.Grace == TimeSpan.Zero || forceful.IsCancellationRequested)
        {
            means = StopMeans.Forcefully;
            tree.Kill();
            return true;
        }

        means = StopMeans.Gracefully;
        tree.Ask(options.Signal);
        return true;
    }

    private static StopResult End(ProcessTree tree, ChildProcess child, StopMeans means)
    {
        tree.ThrowIfRefused();
        tree.OnGone();
        return new StopResult(child.Wait(), means);
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
        } while (tree.Find().Count > 0);

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
        } while (tree.Find().Count > 0);

        return true;
    }
}
