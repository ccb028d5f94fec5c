namespace Spork;

/// <summary>
/// Children that do not outlive a block of code: at its end, however it is left, all are stopped, first gracefully, then
/// by force, and reaped. Thread safe.
/// </summary>
/// <remarks>
/// A start that is under way when the scope ends is cancelled, or its child stopped: none slips through. If this process
/// is killed before, the kernel kills them (<see cref="ProcessScopeOptions.KillOnParentExit"/>). Whatever is started in
/// it may be waited for and signalled as ever; the scope disposes it when it has ended, unless
/// it has pipes of ours.
/// </remarks>
/// <example><code>
/// await using var scope = new ProcessScope(new ProcessScopeOptions { StopOnFailure = true });
/// var server = scope.Start(new Command("server", "--port", "8080"));
/// var tests = await scope.StartAsync(new Command("run-tests"));
/// Console.WriteLine(await tests.WaitAsync());
/// </code></example>
public sealed partial class ProcessScope : IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ProcessScopeOptions _options;
    private readonly ProcessScope? _outer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _startsEnd = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly HashSet<ChildProcess> _children = [];
    private readonly HashSet<ProcessScope> _inner = [];
    private TaskCompletionSource? _startsAreOver;
    private int _starts;
    private bool _closed;

    /// <summary>A scope of its own.</summary>
    /// <param name="options">Null: <see cref="StopOptions.Default"/>, kill on parent exit, failures are the caller's.</param>
    /// <param name="cancellationToken">Stops everything in it, and refuses further starts.</param>
    public ProcessScope(ProcessScopeOptions? options = null, CancellationToken cancellationToken = default)
        : this(options ?? new(), outer: null, cancellationToken) { }

    private ProcessScope(ProcessScopeOptions options, ProcessScope? outer, CancellationToken cancellationToken)
    {
        _options = options;
        _outer = outer;
        Stopping = _stopping.Token;
        _registration = cancellationToken.UnsafeRegister(static scope => ((ProcessScope)scope!).StopSoon(), this);
    }

    /// <summary>Cancelled as soon as its children are being stopped: by a failure, a cancellation, or its end.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>The first child that ended otherwise than with exit code 0, before the scope was being stopped.</summary>
    public ChildProcess? FirstFailure { get; private set; }

    /// <summary>Those that run, or have left something running that a stop reaches. A copy.</summary>
    public IReadOnlyCollection<ChildProcess> Children
    {
        get
        {
            lock (_lock)
            {
                return [.. _children];
            }
        }
    }

    /// <summary>A scope within this one: it ends with it, if not before.</summary>
    /// <param name="options">Null: as this one's.</param>
    /// <param name="cancellationToken">Stops everything in it.</param>
    /// <exception cref="ObjectDisposedException">This one has ended, or is being stopped.</exception>
    public ProcessScope CreateScope(ProcessScopeOptions? options = null, CancellationToken cancellationToken = default)
    {
        var inner = new ProcessScope(options ?? _options, this, cancellationToken);
        lock (_lock)
        {
            if (!_closed)
            {
                _inner.Add(inner);
                return inner;
            }
        }

        inner.Dispose();
        throw Closed();
    }

    /// <summary>Stops all of them, those of scopes within it too. Nothing can be started in it afterwards.</summary>
    /// <param name="forcefulCancellationToken">Ends the grace: SIGKILL at once.</param>
    /// <exception cref="SystemCallException">EPERM: one runs as another user by now; the others are stopped.</exception>
    /// <exception cref="AggregateException">What was registered on <see cref="Stopping"/> threw; all are stopped.</exception>
    public async Task StopAsync(CancellationToken forcefulCancellationToken = default)
    {
        ProcessScope[] inner;
        Task starts;
        lock (_lock)
        {
            _closed = true;
            inner = [.. _inner];
            starts =
                _starts == 0
                    ? Task.CompletedTask
                    : (_startsAreOver ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        // What the caller hangs on Stopping may throw, or take its time: nobody's end waits for that, and what it threw is
        // thrown when all are gone.
        await _startsEnd.CancelAsync().ConfigureAwait(false);
        var told = _stopping.CancelAsync();
        await starts.ConfigureAwait(false);
        var stops = inner
            .Select(scope => scope.StopAsync(forcefulCancellationToken))
            .Concat(Children.Select(child => StopAsync(child, forcefulCancellationToken)));
        await Task.WhenAll([.. stops, told]).ConfigureAwait(false);
    }

    /// <summary>Stops all of them; completes when they are gone and reaped.</summary>
    /// <inheritdoc cref="StopAsync(CancellationToken)" path="/exception"/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            await _registration.DisposeAsync().ConfigureAwait(false);
            _outer?.Forget(this);
        }
    }

    /// <summary>As <see cref="DisposeAsync"/>, waiting on this thread.</summary>
    /// <inheritdoc cref="StopAsync(CancellationToken)" path="/exception"/>
    public void Dispose() => Task.Run(async () => await DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();

    private void Forget(ProcessScope inner)
    {
        lock (_lock)
        {
            _inner.Remove(inner);
        }
    }

    private async Task StopAsync(ChildProcess child, CancellationToken forceful)
    {
        await child.StopAsync(options: null, forceful).ConfigureAwait(false);
        Remove(child);
    }

    // From a token or an ended child: nobody there to throw to. What went wrong is seen at the end of the scope.
    private void StopSoon() => _ = Task.Run(() => StopAsync());

    private ObjectDisposedException Closed() =>
        new(GetType().Name, "The scope has ended or is being stopped: nothing can be started in it any more.");
}
