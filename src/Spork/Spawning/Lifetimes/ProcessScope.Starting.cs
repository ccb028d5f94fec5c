using Spork.Spawning;

namespace Spork;

// What comes into it, and what leaves it.
public sealed partial class ProcessScope
{
    private (Command Given, Command Prepared)? _last;

    /// <summary>Starts the program in this scope; see <see cref="Command.Start"/>.</summary>
    /// <exception cref="ObjectDisposedException">The scope has ended, or is being stopped.</exception>
    /// <exception cref="InvalidOperationException">
    /// The command is detached; or its process group is to be stopped, and it leads none.
    /// </exception>
    /// <inheritdoc cref="Command.Start"/>
    public ChildProcess Start(Command command, CancellationToken cancellationToken = default)
    {
        var prepared = Prepare(command);
        Enter();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _startsEnd.Token);
            return Add(prepared.Start(either.Token));
        }
        catch (OperationCanceledException)
        {
            throw Reason(cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Starts the program in this scope; see <see cref="Command.StartAsync"/>.</summary>
    /// <inheritdoc cref="Start"/>
    public async ValueTask<ChildProcess> StartAsync(Command command, CancellationToken cancellationToken = default)
    {
        var prepared = Prepare(command);
        Enter();
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _startsEnd.Token);
            return Add(await prepared.StartAsync(either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            throw Reason(cancellationToken);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Completes when none of its children runs any more, those started meanwhile included.</summary>
    /// <param name="cancellationToken">Stops waiting; the processes run on.</param>
    /// <returns><see cref="FirstFailure"/>: null if all ended with exit code 0.</returns>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public async Task<ChildProcess?> WaitAllAsync(CancellationToken cancellationToken = default)
    {
        while (Children.Where(child => !child.HasExited).ToList() is { Count: > 0 } running)
        {
            await ChildProcess.WaitAllAsync(running, cancellationToken).ConfigureAwait(false);
        }

        return FirstFailure;
    }

    private Command Prepare(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_lock)
        {
            if (_last is { } last && ReferenceEquals(last.Given, command))
            {
                return last.Prepared;
            }
        }

        var prepared = Prepared(command);
        lock (_lock)
        {
            _last = (command, prepared);
        }

        return prepared;
    }

    private Command Prepared(Command command)
    {
        if (command.Options.Detached)
        {
            throw new InvalidOperationException(
                "A detached command outlives the scope, and a scope leaves nothing behind: start it outside."
            );
        }

        var stop = command.Options.Stop ?? _options.Stop;
        TreeSource.RefuseWithoutGroup(command.Options, stop.Reach);
        var prepared = command.WithStop(stop);
        if (_options.KillOnParentExit && command.Options.ParentDeathSignal is null)
        {
            prepared = prepared.WithKillOnParentExit();
        }

        return stop.Reach == StopReach.Tree && !command.Options.HasCgroup && command.Options.OwnCgroup is null
            ? prepared.WithOwnCgroup(required: false)
            : prepared;
    }

    private void Enter()
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw Closed();
            }

            _starts++;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_starts == 0)
            {
                _startsAreOver?.TrySetResult();
            }
        }
    }

    private ChildProcess Add(ChildProcess child)
    {
        // What it leaves behind is reached through its pidfd, which the caller may close before.
        child.HoldPidFd();
        lock (_lock)
        {
            _children.Add(child);
        }

        _ = WatchAsync(child);
        return child;
    }

    private async Task WatchAsync(ChildProcess child)
    {
        var status = await child.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        var stop = false;
        lock (_lock)
        {
            if (!_closed && !status.IsSuccess && FirstFailure is null)
            {
                FirstFailure = child;
                stop = _options.StopOnFailure;
            }
        }

        if (!child.MayHaveLeftSomething())
        {
            Remove(child);
        }

        if (stop)
        {
            StopSoon();
        }
    }

    private void Remove(ChildProcess child)
    {
        lock (_lock)
        {
            if (!_children.Remove(child))
            {
                return;
            }
        }

        child.ReleasePidFd();

        // What is still in its pipes is the caller's to read, and to close.
        if (child.Streams is null)
        {
            child.Dispose();
        }
    }

    private Exception Reason(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? new OperationCanceledException(cancellationToken) : Closed();
}
