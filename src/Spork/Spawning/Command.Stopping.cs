using Spork.Spawning;

namespace Spork;

// Runs with an end that was asked for: graceful cancellation and timeouts.
public sealed partial class Command
{
    // Says how cancellation ends it, or has a timeout: the plain ways of running it do not look at that.
    internal bool IsWatched => _options.Stop is not null || _options.Timeout is not null;

    /// <summary>
    /// Starts the program; completes when it ends. Two tokens: the graceful one asks it to end (SIGTERM, or as
    /// <see cref="WithStop"/> says) and, after the grace, forces it; the forceful one forces it at once, whether or not
    /// it was asked before. Parks no thread.
    /// </summary>
    /// <param name="forcefulCancellationToken">SIGKILL.</param>
    /// <param name="gracefulCancellationToken">
    /// The request; SIGKILL when <see cref="StopOptions.Grace"/> is over. For a grace that only the other token ends:
    /// <c>WithStop(new StopOptions { Grace = Timeout.InfiniteTimeSpan })</c>.
    /// </param>
    /// <exception cref="OperationCanceledException">Cancelled by either; what was to be stopped is gone.</exception>
    /// <exception cref="CommandTimeoutException">It took longer than <see cref="WithTimeout"/> allows.</exception>
    /// <exception cref="SpawnException">It could not be started; says which step failed.</exception>
    public async Task<ExitStatus> RunAsync(
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken
    )
    {
        RefusePipes(nameof(RunAsync));
        if (_options.IsForegroundShell)
        {
            using var script = ForegroundScript.Begin(_options);
            var run = Spared.RunAsync(forcefulCancellationToken, gracefulCancellationToken);
            return script.Ended(await run.ConfigureAwait(false));
        }

        using var watch = new RunWatch(_options, forcefulCancellationToken, gracefulCancellationToken);
        using var child = await watch.StartAsync(this).ConfigureAwait(false);
        return await watch.WaitAsync(child).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts the program and waits until it ends; as <see cref="RunAsync(CancellationToken, CancellationToken)"/>, on
    /// this thread.
    /// </summary>
    /// <inheritdoc cref="RunAsync(CancellationToken, CancellationToken)"/>
    public ExitStatus Run(CancellationToken forcefulCancellationToken, CancellationToken gracefulCancellationToken)
    {
        RefusePipes(nameof(Run));
        if (_options.IsForegroundShell)
        {
            using var script = ForegroundScript.Begin(_options);
            return script.Ended(Spared.Run(forcefulCancellationToken, gracefulCancellationToken));
        }

        using var watch = new RunWatch(_options, forcefulCancellationToken, gracefulCancellationToken);
        using var child = watch.Start(this);
        return watch.Wait(child);
    }

    /// <summary>As one token says: it asks first if the command says how it is to be stopped, else it is SIGKILL.</summary>
    internal RunWatch Watch(CancellationToken token) =>
        _options.Stop is null
            ? new(_options, token, CancellationToken.None)
            : new(_options, CancellationToken.None, token);

    // One token: graceful if the command says how it is to be stopped, else SIGKILL as ever.
    private ExitStatus RunWatched(CancellationToken token) =>
        _options.Stop is null ? Run(token, CancellationToken.None) : Run(CancellationToken.None, token);

    private Task<ExitStatus> RunWatchedAsync(CancellationToken token) =>
        _options.Stop is null ? RunAsync(token, CancellationToken.None) : RunAsync(CancellationToken.None, token);
}
