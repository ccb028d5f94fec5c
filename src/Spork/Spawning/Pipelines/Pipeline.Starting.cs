using Spork.Spawning;

namespace Spork;

// Making the processes.
public sealed partial class Pipeline
{
    /// <summary>Starts the programs one after the other; returns when all run.</summary>
    /// <param name="cancellationToken">
    /// Ends what has been started, until the last one has become its program: as <see cref="Command.WithStop"/> of each says,
    /// whose grace is awaited; who says nothing is killed.
    /// </param>
    /// <exception cref="SpawnException">One could not be started; those that were are killed and reaped.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    public PipelineProcess Start(CancellationToken cancellationToken = default) =>
        StartAsync(_joined, (i, a) => new(_joined[i].StartWithStreams(cancellationToken, a)), captures: null)
            .GetAwaiter()
            .GetResult();

    /// <summary>As <see cref="Start"/>; parks no thread.</summary>
    /// <inheritdoc cref="Start"/>
    public Task<PipelineProcess> StartAsync(CancellationToken cancellationToken = default) =>
        StartAsync(_joined, (i, a) => new(_joined[i].StartWithStreamsAsync(cancellationToken, a)), captures: null);

    /// <summary>Runs the programs until all have ended.</summary>
    /// <param name="cancellationToken">
    /// Ends them all, at once: as <see cref="Command.WithStop"/> of each says, whose grace is awaited; who says nothing is
    /// killed. So does the end of one's time (<see cref="Command.WithTimeout"/>), but for that command itself, which is
    /// stopped as <see cref="StopOptions.Default"/> if it says nothing.
    /// </param>
    /// <exception cref="CommandTimeoutException">One took longer than it may; all have ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the processes are dead and reaped.</exception>
    /// <exception cref="InvalidOperationException">A command has a pipe to the caller, who waits here.</exception>
    /// <inheritdoc cref="Start"/>
    public PipelineStatus Run(CancellationToken cancellationToken = default) => RunHere(null, cancellationToken);

    /// <summary>
    /// As <see cref="Run(CancellationToken)"/>, with the two tokens of
    /// <see cref="Command.RunAsync(CancellationToken, CancellationToken)"/>.
    /// </summary>
    /// <param name="forcefulCancellationToken">SIGKILL for all, whether or not they were asked before.</param>
    /// <param name="gracefulCancellationToken">
    /// Asks them all, the first first: as <see cref="Command.WithStop"/> of each says, else as
    /// <see cref="StopOptions.Default"/>; SIGKILL for those whose grace is over.
    /// </param>
    /// <inheritdoc cref="Run(CancellationToken)"/>
    public PipelineStatus Run(
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    ) => RunHere(gracefulCancellationToken, forcefulCancellationToken);

    /// <summary>As <see cref="Run(CancellationToken)"/>; parks no thread.</summary>
    /// <inheritdoc cref="Run(CancellationToken)"/>
    public Task<PipelineStatus> RunAsync(CancellationToken cancellationToken = default) =>
        RunHereAsync(null, cancellationToken);

    /// <summary>As <see cref="Run(CancellationToken, CancellationToken)"/>; parks no thread.</summary>
    /// <inheritdoc cref="Run(CancellationToken, CancellationToken)"/>
    public Task<PipelineStatus> RunAsync(
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    ) => RunHereAsync(gracefulCancellationToken, forcefulCancellationToken);

    private PipelineStatus RunHere(CancellationToken? graceful, CancellationToken forceful)
    {
        RefusePipes(_joined, "Run");
        using var script = ForegroundScript.BeginIfAny(_commands);
        using var watch = new PipelineWatch(_joined, graceful, forceful);
        using var running = StartAsync(_joined, watch.StartOnThisThreadAsync, captures: null, watch)
            .GetAwaiter()
            .GetResult();
        var status = running.FinishAsync(watch).GetAwaiter().GetResult();
        script?.Ended(status);
        return status;
    }

    private async Task<PipelineStatus> RunHereAsync(CancellationToken? graceful, CancellationToken forceful)
    {
        RefusePipes(_joined, "RunAsync");
        using var script = ForegroundScript.BeginIfAny(_commands);
        using var watch = new PipelineWatch(_joined, graceful, forceful);
        using var running = await StartAsync(_joined, watch.StartAsync, captures: null, watch).ConfigureAwait(false);
        var status = await running.FinishAsync(watch).ConfigureAwait(false);
        script?.Ended(status);
        return status;
    }

    /// <summary>
    /// Runs the programs until all have ended, and keeps what the last one writes to its standard output and each to its
    /// standard error.
    /// </summary>
    /// <param name="options">Limits, for each stream, and encoding; null for <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Ends them all, as <see cref="Run(CancellationToken)"/> says.</param>
    /// <exception cref="CaptureLimitException">One wrote too much; all were killed.</exception>
    /// <inheritdoc cref="Run(CancellationToken)"/>
    public PipelineOutput Capture(CaptureOptions? options = null, CancellationToken cancellationToken = default) =>
        CaptureAsync(options, cancellationToken).GetAwaiter().GetResult();

    /// <summary>As <see cref="Capture"/>; parks no thread.</summary>
    /// <inheritdoc cref="Capture"/>
    public Task<PipelineOutput> CaptureAsync(
        CaptureOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CaptureHereAsync(options ?? CaptureOptions.Default, null, cancellationToken);

    /// <summary>
    /// As <see cref="CaptureAsync(CaptureOptions?, CancellationToken)"/>, with the two tokens of
    /// <see cref="RunAsync(CancellationToken, CancellationToken)"/>.
    /// </summary>
    /// <inheritdoc cref="Run(CancellationToken, CancellationToken)"/>
    /// <inheritdoc cref="Capture"/>
    public Task<PipelineOutput> CaptureAsync(
        CaptureOptions? options,
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    ) => CaptureHereAsync(options ?? CaptureOptions.Default, gracefulCancellationToken, forcefulCancellationToken);

    private async Task<PipelineOutput> CaptureHereAsync(
        CaptureOptions options,
        CancellationToken? graceful,
        CancellationToken forceful
    )
    {
        forceful.ThrowIfCancellationRequested();
        graceful?.ThrowIfCancellationRequested();
        var commands = Array.ConvertAll(_joined, c => options.StandardError ? c.WithCaptured(2) : c);
        commands[^1] = options.StandardOutput ? commands[^1].WithCaptured(1) : commands[^1];
        RefusePipes(commands, "Capture");
        var buffers = Array.ConvertAll(commands, c => c.MakeBuffers(options));
        using var script = ForegroundScript.BeginIfAny(_commands);
        using var watch = new PipelineWatch(commands, graceful, forceful);
        using var running = await StartAsync(commands, watch.StartAsync, i => number => buffers[i][number - 1], watch)
            .ConfigureAwait(false);
        var status = await running.FinishAsync(watch).ConfigureAwait(false);
        script?.Ended(status);
        return new PipelineOutput(status, buffers[^1][0].ToOutput(), [.. buffers.Select(b => b[1].ToOutput())]);
    }

    private async Task<PipelineProcess> StartAsync(
        Command[] commands,
        Func<int, StreamArguments, ValueTask<ChildProcess>> start,
        Func<int, Func<int, OutputSink>>? captures,
        PipelineWatch? watch = null
    )
    {
        var children = new List<ChildProcess>(commands.Length);
        var input = default(PipePair?);
        try
        {
            for (var i = 0; i < commands.Length; i++)
            {
                var output = i < commands.Length - 1 ? MakePipe(commands[i]) : default(PipePair?);
                try
                {
                    var arguments = new StreamArguments(input?.ReadEnd, output?.WriteEnd, captures?.Invoke(i));
                    children.Add(await start(i, arguments).ConfigureAwait(false));
                }
                catch
                {
                    output?.Dispose();
                    throw;
                }

                // Kept open here, a reader would never see the end, and a writer never SIGPIPE.
                input?.Dispose();
                output?.WriteEnd.Dispose();
                input = output;
            }

            return new PipelineProcess(_commands, children);
        }
        catch (Exception e)
        {
            var isOver = e is OperationCanceledException;
            PipelineWish wish = watch is null ? WishOfStart : watch.Wish;
            var trouble = default(SystemCallException);
            try
            {
                trouble = await PipelineStop
                    .RunAsync(children, isOver ? wish : null, letGo: () => input?.Dispose())
                    .ConfigureAwait(false);
            }
            finally
            {
                input?.Dispose();
                await LetGoAsync(children).ConfigureAwait(false);
            }

            if (isOver && watch is not null)
            {
                throw watch.Reason(trouble);
            }

            if (trouble is null)
            {
                throw;
            }

            throw RunWatch.Cancelled(trouble, ((OperationCanceledException)e).CancellationToken);
        }
    }

    // A start (unlike a run) is not refused for a group that the command does not lead: it is killed.
    private static StopOptions? WishOfStart(ChildProcess child, out CancellationToken forceful)
    {
        forceful = CancellationToken.None;
        return child.Options?.Stop is { Reach: StopReach.ProcessGroup } && !child.LeadsGroup
            ? null
            : child.Options?.Stop;
    }

    // Their relays as well: they have pipes of ours, and a source or a target that the caller may want to use again.
    private static async Task LetGoAsync(List<ChildProcess> children)
    {
        foreach (var child in children)
        {
            // What they say of being given up is no news.
            await child.StreamsEnded.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            child.Dispose();
        }
    }

    private static PipePair MakePipe(Command command)
    {
        try
        {
            return PipePair.Create();
        }
        catch (SystemCallException e)
        {
            throw SpawnException.NotReady(command.Options, e);
        }
    }

    private static void RefusePipes(Command[] commands, string method)
    {
        foreach (var command in commands)
        {
            command.RefusePipes(method);
        }
    }
}
