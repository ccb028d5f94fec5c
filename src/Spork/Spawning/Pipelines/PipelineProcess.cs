using System.Collections.Immutable;
using Spork.Spawning;

namespace Spork;

/// <summary>The running programs of a <see cref="Pipeline"/>. Thread safe.</summary>
public sealed class PipelineProcess : IDisposable
{
    private readonly ImmutableArray<Command> _commands;

    internal PipelineProcess(ImmutableArray<Command> commands, List<ChildProcess> children)
    {
        _commands = commands;
        Children = children;
    }

    /// <summary>The processes, in the order of the commands.</summary>
    public IReadOnlyList<ChildProcess> Children { get; }

    /// <summary>The first program's input, given as <see cref="Stdio.Pipe"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not given a pipe.</exception>
    public ChildInput StandardInput => Children[0].StandardInput;

    /// <summary>The last program's output, given as <see cref="Stdio.Pipe"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not given a pipe.</exception>
    public ChildOutput StandardOutput => Children[^1].StandardOutput;

    /// <summary>Completes when the relays of all programs are over. See <see cref="ChildProcess.StreamsEnded"/>.</summary>
    public Task StreamsEnded => Task.WhenAll(Children.Select(c => c.StreamsEnded));

    /// <summary>Waits until all have ended.</summary>
    /// <param name="cancellationToken">Stops waiting; the programs run on.</param>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public PipelineStatus Wait(CancellationToken cancellationToken = default) =>
        new(_commands, [.. Children.Select(c => c.Wait(cancellationToken))]);

    /// <summary>Completes when all have ended. Parks no thread.</summary>
    /// <inheritdoc cref="Wait"/>
    public async Task<PipelineStatus> WaitAsync(CancellationToken cancellationToken = default) =>
        new(
            _commands,
            [.. await Task.WhenAll(Children.Select(c => c.WaitAsync(cancellationToken))).ConfigureAwait(false)]
        );

    /// <summary>Sends SIGKILL to each.</summary>
    /// <exception cref="SystemCallException">EPERM: one runs as another user by now; the others were killed.</exception>
    public void Kill()
    {
        SystemCallException? first = null;
        foreach (var child in Children)
        {
            try
            {
                child.Kill();
            }
            catch (SystemCallException e)
            {
                first ??= e;
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>
    /// Stops all, each as <see cref="ChildProcess.StopAsync(StopOptions?, CancellationToken)"/> does: asks the first, then
    /// the next, so that a writer is asked before it loses its reader, and waits for all together. Completes when everybody
    /// who was to be reached has ended; <see cref="Wait"/> then has the statuses at once. Parks no thread.
    /// </summary>
    /// <param name="options">
    /// How; null: as its command says (<see cref="Command.WithStop"/>), else <see cref="StopOptions.Default"/>.
    /// </param>
    /// <param name="forcefulCancellationToken">Ends the grace: SIGKILL at once. Never gives the stop up.</param>
    /// <returns>What it came to for each, in the order of the commands.</returns>
    /// <exception cref="SystemCallException">
    /// As of <see cref="ChildProcess.StopAsync(StopOptions?, CancellationToken)"/>; thrown when the others have been stopped.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A process group was meant, and one was not started as a leader; nobody is stopped.
    /// </exception>
    public async Task<IReadOnlyList<StopResult>> StopAsync(
        StopOptions? options = null,
        CancellationToken forcefulCancellationToken = default
    )
    {
        var how = Children.Select(c => options ?? c.Options?.Stop ?? StopOptions.Default).ToArray();
        for (var i = 0; i < how.Length; i++)
        {
            TreeSource.RefuseWithoutGroup(Children[i].Options!, how[i].Reach);
        }

        var stops = new Task<StopResult>[how.Length];
        for (var i = 0; i < how.Length; i++)
        {
            stops[i] = await StopOperation
                .AskAsync(Children[i], how[i], forcefulCancellationToken)
                .ConfigureAwait(false);
        }

        return await Task.WhenAll(stops).ConfigureAwait(false);
    }

    /// <summary>As <see cref="StopAsync"/>, waiting on this thread.</summary>
    /// <inheritdoc cref="StopAsync"/>
    public IReadOnlyList<StopResult> Stop(
        StopOptions? options = null,
        CancellationToken forcefulCancellationToken = default
    ) => StopAsync(options, forcefulCancellationToken).GetAwaiter().GetResult();

    /// <summary>Lets go of all; they run on. See <see cref="ChildProcess.Dispose"/>.</summary>
    public void Dispose()
    {
        foreach (var child in Children)
        {
            child.Dispose();
        }
    }

    /// <summary>All have ended, and their relays. A relay that fails ends them all, and so does the watch.</summary>
    internal async Task<PipelineStatus> FinishAsync(PipelineWatch watch)
    {
        var finished = Children.Select(c => c.FinishAsync(CancellationToken.None)).ToArray();
        var end = EndAsync(finished);
        await new Patience(Timeout.InfiniteTimeSpan, watch.Over).WaitAsync(end).ConfigureAwait(false);
        if (end.IsCompletedSuccessfully)
        {
            // A run that was cancelled says so even if it ended at the same moment.
            watch.ThrowIfCancelled();
            return await end.ConfigureAwait(false);
        }

        // A relay may have failed because of the cancellation.
        var isOver = watch.Over.IsCancellationRequested;
        SystemCallException? trouble;
        try
        {
            trouble = await PipelineStop.RunAsync(Children, isOver ? watch.Wish : null).ConfigureAwait(false);
        }
        finally
        {
            await ((Task)Task.WhenAll(finished)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return isOver ? throw watch.Reason(trouble) : await end.ConfigureAwait(false);
    }

    // Fails with the first in time: what the others say is a consequence.
    private async Task<PipelineStatus> EndAsync(Task<ExitStatus>[] finished)
    {
        await foreach (var one in Task.WhenEach(finished).ConfigureAwait(false))
        {
            await one.ConfigureAwait(false);
        }

        return new(_commands, [.. await Task.WhenAll(finished).ConfigureAwait(false)]);
    }
}
