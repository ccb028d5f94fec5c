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

    /// <summary>All have ended, and their relays. A relay that fails ends them all, and so does cancellation.</summary>
    internal async Task<PipelineStatus> FinishAsync(PipelineWatches watches, CancellationToken cancellationToken)
    {
        var finished = Children.Select((c, i) => FinishAsync(c, watches[i], cancellationToken)).ToArray();
        var all = Task.WhenAll(finished);
        await foreach (var one in Task.WhenEach(finished).ConfigureAwait(false))
        {
            if (!one.IsCompletedSuccessfully)
            {
                // Cancelled: each is being ended already, and may be given its grace for it.
                var timeout = one.Exception?.InnerException as CommandTimeoutException;
                var trouble = cancellationToken.IsCancellationRequested
                    ? null
                    : await PipelineStop.RunAsync(Children, watches, asking: timeout is not null).ConfigureAwait(false);
                await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await Task.WhenAll(Children.Select(c => c.WaitAsync(CancellationToken.None))).ConfigureAwait(false);

                // The first in time: what the others say is a consequence.
                if (trouble is not null && timeout is not null)
                {
                    throw PipelineStop.Add(trouble, timeout);
                }

                await one.ConfigureAwait(false);
            }
        }

        return new(_commands, [.. await all.ConfigureAwait(false)]);
    }

    private static async Task<ExitStatus> FinishAsync(
        ChildProcess child,
        RunWatch? watch,
        CancellationToken cancellationToken
    )
    {
        if (watch is not null)
        {
            return await watch.WaitAsync(child).ConfigureAwait(false);
        }

        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child);
        return await child.FinishAsync(cancellationToken).ConfigureAwait(false);
    }
}
