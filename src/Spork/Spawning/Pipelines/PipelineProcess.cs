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
