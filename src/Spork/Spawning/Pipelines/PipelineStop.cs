namespace Spork.Spawning;

/// <summary>Ends the running commands of a pipeline that is not to come to its own end.</summary>
/// <remarks>
/// Cancelled, or out of time: a command that says how it is to be stopped is stopped so, whichever command's time it was;
/// the others are killed. After a failure (a start, a relay) all are killed, as a single command is by a relay that fails.
/// It is done to all at once: the caller is held by the longest grace, not by their sum.
/// </remarks>
internal static class PipelineStop
{
    /// <summary>Completes when all have ended.</summary>
    /// <param name="children">Those that run; their relays are told to stop.</param>
    /// <param name="watches">Null where nobody has a timeout that counts.</param>
    /// <param name="asking">It was cancelled, or out of time.</param>
    /// <returns>The first that could not be stopped as it says (it has ended by itself, or was killed); null for none.</returns>
    internal static async Task<SystemCallException?> RunAsync(
        IReadOnlyList<ChildProcess> children,
        PipelineWatches? watches,
        bool asking
    )
    {
        var stops = children
            .Select(
                (child, i) => asking && Wish(child, watches?[i]) is { } stop ? StopAsync(child, stop) : KillAsync(child)
            )
            .ToArray();
        var troubles = await Task.WhenAll(stops).ConfigureAwait(false);
        return troubles.FirstOrDefault(trouble => trouble is not null);
    }

    /// <summary>The same news, with what could not be stopped.</summary>
    internal static Exception Add(SystemCallException trouble, Exception why) =>
        why switch
        {
            CommandTimeoutException timeout => timeout.With(trouble),
            OperationCanceledException cancelled => RunWatch.Cancelled(trouble, cancelled.CancellationToken),
            _ => why,
        };

    // A start (unlike a run) is not refused for a group that the command does not lead.
    private static StopOptions? Wish(ChildProcess child, RunWatch? watch) =>
        child.Options?.Stop is { } stop
            ? (stop.Reach == StopReach.ProcessGroup && !child.LeadsGroup ? null : stop)
            : (watch?.WhyOver is CommandTimeoutException ? StopOptions.Default : null);

    private static async Task<SystemCallException?> StopAsync(ChildProcess child, StopOptions stop)
    {
        try
        {
            await child.StopAsync(stop).ConfigureAwait(false);
            return null;
        }
        catch (SystemCallException e)
        {
            // It has become another user's (sudo), whose end is awaited all the same; or it was killed.
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
