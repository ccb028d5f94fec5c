namespace Spork.Spawning;

/// <summary>Ends the running commands of a pipeline that is not to come to its own end.</summary>
/// <remarks>
/// Cancelled, or out of time: a command that says how it is to be stopped is stopped so, whichever command's time it was;
/// the others are killed. After a failure (a start, a relay) all are killed, as a single command is by a relay that fails.
/// The requests go out one after the other, and then all are waited for together: the caller is held by the longest grace,
/// not by their sum.
/// </remarks>
internal static class PipelineStop
{
    /// <summary>Completes when all have ended.</summary>
    /// <param name="children">Those that were started; their relays are told to stop.</param>
    /// <param name="wish">How to ask whom; null: it is over because something failed.</param>
    /// <param name="letGo">What a child may notice: done when those that are to be asked have been.</param>
    /// <returns>The first that could not be stopped as it says (it has ended by itself, or was killed); null for none.</returns>
    internal static async Task<SystemCallException?> RunAsync(
        IReadOnlyList<ChildProcess> children,
        PipelineWish? wish,
        Action? letGo = null
    )
    {
        var stops = new List<Task<SystemCallException?>>();
        var others = new List<ChildProcess>();
        foreach (var child in children)
        {
            // Of who has ended there is nothing to stop, not even its tree: as for a command by itself.
            if (!child.HasExited && wish?.Invoke(child, out var forceful) is { } stop)
            {
                // In their order, so that a writer whose tree has to be looked for is asked before its reader ends.
                var stopping = await StopOperation.AskAsync(child, stop, forceful).ConfigureAwait(false);
                stops.Add(EndAsync(child, stopping));
            }
            else
            {
                others.Add(child);
            }
        }

        // A writer without its reader gets SIGPIPE, which asks nobody: so first the requests, then the blows.
        letGo?.Invoke();
        stops.AddRange(others.ConvertAll(KillAsync));
        var troubles = await Task.WhenAll(stops).ConfigureAwait(false);
        return Array.Find(troubles, trouble => trouble is not null);
    }

    private static async Task<SystemCallException?> EndAsync(ChildProcess child, Task<StopResult> stopping)
    {
        try
        {
            await stopping.ConfigureAwait(false);
            return null;
        }
        catch (SystemCallException e)
        {
            // It has become another user's (sudo), whose end is awaited all the same (its input ends now, which may be what
            // it waits for); or it was killed.
            child.GiveUp();
            await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            return e;
        }
        finally
        {
            child.GiveUp();
        }
    }

    private static async Task<SystemCallException?> KillAsync(ChildProcess child)
    {
        child.GiveUp();
        await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        return null;
    }
}

/// <summary>How a child is to be asked to end, and what ends its grace; null: it is killed.</summary>
internal delegate StopOptions? PipelineWish(ChildProcess child, out CancellationToken forceful);
