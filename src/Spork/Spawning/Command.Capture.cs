using Spork.Spawning;

namespace Spork;

// Runs to the end, with what the program wrote.
public sealed partial class Command
{
    private Command? _capturingBoth;
    private Command? _capturingOutput;
    private Command? _capturingError;

    /// <summary>
    /// Runs the program to its end and keeps what it writes. Both streams are read at the same time, so neither can block the
    /// other; what is kept beyond the limit is the options' choice. Standard input is what the command says.
    /// </summary>
    /// <remarks>
    /// A stream that the command sends somewhere (a file, a relay, <see cref="Stdio.Null"/>) goes there and is not captured;
    /// <see cref="Stdio.SameAs"/> captures both as one. Uses no other thread, unless the command has relays.
    /// </remarks>
    /// <param name="options">Limits and encoding; null for <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Kills the program; or stops it as <see cref="WithStop"/> says.</param>
    /// <exception cref="SpawnException">It could not be started; says which step failed.</exception>
    /// <exception cref="CaptureLimitException">It wrote too much, and was killed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the process is dead and reaped.</exception>
    /// <exception cref="CommandTimeoutException">It took longer than <see cref="WithTimeout"/> allows.</exception>
    /// <exception cref="InvalidOperationException">Standard input is a pipe to the caller, who waits here.</exception>
    /// <example><code>
    /// var head = new Command("git", "rev-parse", "HEAD").Capture().EnsureSuccess().StandardOutput.Text.TrimEnd();
    /// </code></example>
    public CommandOutput Capture(CaptureOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= CaptureOptions.Default;
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.IsForegroundShell)
        {
            using var script = ForegroundScript.Begin(_options);
            return script.Ended(Spared.Capture(options, cancellationToken));
        }

        var command = Capturing(options);
        return
            !IsWatched
            && command.StreamSlots.All(s => s.Stdio.Kind == StdioKind.Captured || s.Stdio.Relay is BytesInput)
            ? command.CaptureHere(options, cancellationToken)
            : CaptureAsync(options, cancellationToken).GetAwaiter().GetResult();
    }

    /// <summary>As <see cref="Capture"/>; parks no thread.</summary>
    /// <inheritdoc cref="Capture"/>
    public async Task<CommandOutput> CaptureAsync(
        CaptureOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= CaptureOptions.Default;
        cancellationToken.ThrowIfCancellationRequested();
        if (_options.IsForegroundShell)
        {
            using var script = ForegroundScript.Begin(_options);
            return script.Ended(await Spared.CaptureAsync(options, cancellationToken).ConfigureAwait(false));
        }

        if (IsWatched)
        {
            return await CaptureWatchedAsync(options, Watch(cancellationToken)).ConfigureAwait(false);
        }

        var command = Capturing(options);
        var buffers = MakeBuffers(options);
        var arguments = new StreamArguments(Captures: number => buffers[number - 1]);
        using var child = await command.StartWithStreamsAsync(cancellationToken, arguments).ConfigureAwait(false);
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).GiveUp(), child);
        return Output(buffers, await child.FinishAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// As <see cref="CaptureAsync(CaptureOptions?, CancellationToken)"/>, with the two tokens of
    /// <see cref="RunAsync(CancellationToken, CancellationToken)"/>: one forces, the other asks first.
    /// </summary>
    /// <inheritdoc cref="RunAsync(CancellationToken, CancellationToken)"/>
    /// <inheritdoc cref="Capture"/>
    public Task<CommandOutput> CaptureAsync(
        CaptureOptions? options,
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    )
    {
        options ??= CaptureOptions.Default;
        var watch = new RunWatch(_options, forcefulCancellationToken, gracefulCancellationToken);
        return _options.IsForegroundShell ? CaptureShellAsync(options, watch) : CaptureWatchedAsync(options, watch);
    }

    private async Task<CommandOutput> CaptureShellAsync(CaptureOptions options, RunWatch watch)
    {
        using (watch)
        {
            using var script = ForegroundScript.Begin(_options);
            return script.Ended(await Spared.CaptureWatchedAsync(options, watch).ConfigureAwait(false));
        }
    }

    private async Task<CommandOutput> CaptureWatchedAsync(CaptureOptions options, RunWatch watch)
    {
        using (watch)
        {
            var command = Capturing(options);
            var buffers = MakeBuffers(options);
            var arguments = new StreamArguments(Captures: number => buffers[number - 1]);
            using var child = await watch
                .StartAsync(token => command.StartWithStreamsAsync(token, arguments))
                .ConfigureAwait(false);
            return Output(buffers, await watch.WaitAsync(child).ConfigureAwait(false));
        }
    }

    private CommandOutput CaptureHere(CaptureOptions options, CancellationToken cancellationToken)
    {
        var buffers = MakeBuffers(options);
        using var setup = StreamSetup.Open(this, StreamArguments.None);
        using var child = setup.Command.StartUnwatched(cancellationToken);
        setup.CloseTheirs();
        bool sawEnds;
        ExitStatus status;
        using (cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).TryKill(), child))
        {
            try
            {
                sawEnds = CaptureLoop.Run(child, setup, buffers, _options.DrainGrace, cancellationToken);
            }
            catch
            {
                child.TryKill();
                child.WaitInKernel();
                throw;
            }

            status = child.WaitInKernel();
        }

        cancellationToken.ThrowIfCancellationRequested();
        return Output(buffers, sawEnds ? status : status.WithStreamsCutOff());
    }

    internal CaptureBuffer[] MakeBuffers(CaptureOptions options) =>
        [new(Program, "standard output", options), new(Program, "standard error", options)];

    private CommandOutput Output(CaptureBuffer[] buffers, ExitStatus status) =>
        new(Program, status, buffers[0].ToOutput(), buffers[1].ToOutput());

    // Kept, because its compiled program is: made anew it costs a compilation, and 26 KB, at each capture.
    private Command Capturing(CaptureOptions options)
    {
        var command =
            options is { StandardOutput: true, StandardError: true }
                ? _capturingBoth ??= WithCaptured(1).WithCaptured(2)
            : options.StandardOutput ? _capturingOutput ??= WithCaptured(1)
            : options.StandardError ? _capturingError ??= WithCaptured(2)
            : this;
        command.RefusePipes("Capture");
        return command;
    }

    internal Command WithCaptured(int number) =>
        _options.Descriptors[number].Kind is StdioKind.Inherit or StdioKind.Pipe
            ? WithDescriptor(number, Stdio.Captured)
            : this;
}
