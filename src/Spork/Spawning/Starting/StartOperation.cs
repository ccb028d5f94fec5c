using System.Diagnostics;
using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>One start, from the clone until the outcome is known: the child's memory, its pidfd, what it needs held open.</summary>
/// <remarks>
/// A synchronous start waits for its own futex and concludes on the caller's thread. An asynchronous one is concluded
/// by whichever comes first: <see cref="StartWaiter"/> (the child has let go) for a success, the
/// <see cref="Reactor"/> (the child has exited) for a failure, so that a failed child is reaped before anybody hears.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The child belongs to the caller, or is reaped."
)]
internal sealed unsafe partial class StartOperation : PendingStart
{
    private readonly Lock _lock = new();
    private readonly CommandOptions _options;
    private readonly CompiledCommand _compiled;
    private readonly Arena _arena;
    private readonly TaskCompletionSource<ChildProcess>? _completion;
    private volatile ChildProcess? _child;
    private StartTelemetry? _telemetry;
    private SecondStage? _stage;
    private HeldHandles _held;
    private CancellationToken _cancellationToken;
    private CancellationTokenRegistration _registration;
    private bool _concluded;
    private volatile bool _cancelled;
    private bool _sparesProgram;

    private StartOperation(CommandOptions options, CompiledCommand compiled, Arena arena, HeldHandles held)
    {
        _options = options;
        _compiled = compiled;
        _arena = arena;
        _held = held;
        _sparesProgram = compiled.Mode.Asynchronous;
        if (compiled.Mode.Asynchronous)
        {
            _completion = new TaskCompletionSource<ChildProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The process. It becomes the caller's when the start succeeds.</summary>
    internal override ChildProcess Child => _child!;

    /// <summary>Completes when the outcome of an asynchronous start is known.</summary>
    internal override Task<ChildProcess> Completion => _completion!.Task;

    /// <summary>Where <see cref="StartWaiter"/> keeps it.</summary>
    internal int WaiterIndex { get; set; } = -1;

    /// <summary>The kernel has marked the child's futex word: it let go of this memory, and we know its pidfd.</summary>
    internal bool HasLetGo =>
        _child is not null
        && ((uint)Volatile.Read(ref _arena.Slots[Slot.FirstResult + LettingGoSteps.OwnerStep]) & Futex.FUTEX_OWNER_DIED)
            != 0;

    // Exact, but only before it is reaped.
    private bool HasSucceeded =>
        _stage?.BecameProgram(Child.Id) ?? StartOutcome.Succeeded(_arena, _compiled.Program, Child.PidFd);

    /// <summary>Makes the process. Nothing is left behind if it throws.</summary>
    /// <exception cref="SpawnException">No memory, no descriptor, no process to be had, or no such cgroup.</exception>
    internal static StartOperation Launch(Command command, StartMode mode, StartTelemetry? telemetry = null)
    {
        var options = command.Options;
        var held = new HeldHandles(command.Handles);
        Arena? arena = null;
        Descriptor? cgroup = null;
        SecondStage? stage = null;
        try
        {
            var compiled = command.Compile(mode);
            cgroup = CgroupDirectory.Open(options, mode);
            arena =
                ArenaPool.TryRent(compiled.Program, out var errno)
                ?? throw Failed(options, compiled, "memory", "stack and program of the child", errno);
            arena.Load(compiled.Program, Environment.ProcessId, StartWaiter.Doorbell);

            var operation = new StartOperation(options, compiled, arena, held) { _telemetry = telemetry };
            if (compiled.Program.Second is not null)
            {
                stage = operation.AddSecondStage();
            }

            operation.Clone(cgroup?.Number ?? (int?)options.CgroupHandle?.DangerousGetHandle());
            return operation;
        }
        catch (Exception e)
        {
            held.Release();
            stage?.Dispose();
            if (arena is not null)
            {
                ArenaPool.Return(arena);
            }

            if (e is SystemCallException call)
            {
                throw SpawnException.NotReady(options, call);
            }

            throw;
        }
        finally
        {
            cgroup?.Dispose();
        }
    }

    /// <summary>Waits for the outcome on this thread. Cancellation kills the child.</summary>
    internal override ChildProcess WaitForOutcome(CancellationToken cancellationToken)
    {
        _sparesProgram = true;
        CancelWith(cancellationToken);
        if (_stage is null)
        {
            LettingGo.Wait(_arena, Child.PidFd);
        }
        else
        {
            _stage.Wait(Child);
        }

        _registration.Dispose();
        if (!_cancelled && HasSucceeded)
        {
            Release();
            Child.StartSucceeded();
            return Child;
        }

        Child.ReapEnded();
        var failure = StartOutcome.Failure(_arena, _options, _compiled, Child.Raw, _stage);
        Release();
        cancellationToken.ThrowIfCancellationRequested();
        throw new SpawnException(failure);
    }

    /// <summary>
    /// Waits for the child's end on this thread, without waking up when it becomes the program: one switch less, which is
    /// a fifth of a short run. The memory stays in use until then, and so would handles: only for commands without any.
    /// </summary>
    internal override ExitStatus WaitForEnd(CancellationToken cancellationToken)
    {
        CancelWith(cancellationToken);
        Reaper.WaitForExit(Child.PidFd);
        _registration.Dispose();

        // Nearly always both answers at once, and a system call less: only a program can be reaped without __WALL.
        var succeeded = _stage is null && StartOutcome.ReachedExec(_arena, _compiled.Program) && Child.TryReapProgram();
        if (!succeeded)
        {
            succeeded = HasSucceeded;
            Child.ReapEnded();
        }

        var failure =
            succeeded || _cancelled ? null : StartOutcome.Failure(_arena, _options, _compiled, Child.Raw, _stage);
        Release();
        cancellationToken.ThrowIfCancellationRequested();
        return failure is null ? Child.ExitStatus! : throw new SpawnException(failure);
    }

    /// <summary>From now on cancellation kills the child, if it is not yet the program.</summary>
    internal override void CancelWith(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        var registration = cancellationToken.UnsafeRegister(static state => ((StartOperation)state!).Cancel(), this);
        lock (_lock)
        {
            if (!_concluded)
            {
                _registration = registration;
                return;
            }
        }

        // It was over before we registered; a long-lived token would keep every such operation.
        registration.Dispose();
    }

    // Nothing of the program has run before this is true; a child that failed has let go as well, and is reported as that.
    // With a second stage that says only that the first one is over.
    private bool IsPastExec =>
        _stage is not null ? _stage.IsProgram(Child)
        : _compiled.Mode.Asynchronous ? HasLetGo
        : Volatile.Read(ref _arena.Context->InUse) == 0;

    /// <summary>
    /// Gives up: the child is killed wherever it is blocked. A program that runs, though nobody has noticed yet, is left
    /// to whoever started it, who may want to ask it first (<see cref="Command.WithStop"/>).
    /// </summary>
    internal override void Cancel()
    {
        lock (_lock)
        {
            if (_concluded || (_sparesProgram && IsPastExec))
            {
                return;
            }

            // Refused: it has become a program of another user's (sudo), so the start has succeeded. Thrown from here
            // it would go to whoever cancelled, which may be a timer, and end this process.
            _cancelled = Child.TryKill() || (_compiled.Mode.Gated && KillAtGate());
        }
    }

    // At the gate nobody else can have reaped it (exit_signal 0): its pid is still its own.
    private bool KillAtGate() =>
        Volatile.Read(ref _arena.Context->Gate) == 0 && Sys.Call(Syscall.kill, Child.Id, Signal.SIGKILL.Number) == 0;

    /// <summary>The child may go on to exec.</summary>
    internal override void OpenGate()
    {
        lock (_lock)
        {
            if (!_concluded)
            {
                Volatile.Write(ref _arena.Context->Gate, 1);
                Futex.Wake(&_arena.Context->Gate, 1);
            }
        }
    }

    /// <summary>From <see cref="StartWaiter"/>: the child has let go. A failure is left to <see cref="OnExited"/>.</summary>
    internal void OnLetGo()
    {
        lock (_lock)
        {
            if (_concluded || _cancelled || !HasSucceeded)
            {
                return;
            }

            _concluded = true;
        }

        Succeed();
    }

    /// <summary>
    /// From the reactor: the child has exited and is not reaped yet. Says how the start went, and reaps the child of one
    /// that failed; false if a foreign tracer has that child first. Never waits for it, least of all on that thread.
    /// </summary>
    internal bool OnExited()
    {
        bool succeeded;
        lock (_lock)
        {
            if (_concluded)
            {
                return true;
            }

            succeeded = !_cancelled && HasSucceeded;
            if (!succeeded && !Child.TryReapEnded())
            {
                return false;
            }

            _concluded = true;
        }

        StartWaiter.Remove(this);
        if (succeeded)
        {
            Succeed();
            return true;
        }

        // The hint looks at files, which may lie on a slow file system: not on the thread that reaps for everybody.
        ThreadPool.UnsafeQueueUserWorkItem(static operation => operation.Fail(), this, preferLocal: false);
        return true;
    }

    private void Fail()
    {
        var failure = StartOutcome.Failure(_arena, _options, _compiled, Child.Raw, _stage);
        Release();
        _registration.Dispose();
        Exception exception = _cancelled
            ? new OperationCanceledException(_cancellationToken)
            : new SpawnException(failure);
        _telemetry?.Failed(exception);
        _ = _cancelled ? _completion!.TrySetCanceled(_cancellationToken) : _completion!.TrySetException(exception);
    }

    private static SpawnException Failed(
        CommandOptions options,
        CompiledCommand compiled,
        string step,
        string subject,
        Errno errno
    ) =>
        new(
            new SpawnFailure(options.Program, step, subject, SpawnLadder.Name(compiled.Mode.Rung))
            {
                StepCount = compiled.Program.StepCount,
                Errno = errno,
                Hint = FailureHint.ForClone(errno, options),
            }
        );

    private void Clone(int? cgroup)
    {
        var mode = _compiled.Mode;
        var wish = new CloneWish(
            mode.Rung == Rung.Clone3 ? cgroup : null,
            _stage is null && SpawnLadder.SharesDescriptorTable(mode.Rung),
            InPlace: false,
            _options.Isolation.AtBirth
        );
        var reactor = Reactor.Instance;
        var startTimestamp = Stopwatch.GetTimestamp();
        int pid;
        if (mode.Asynchronous && _stage is null)
        {
            StartWaiter.Add(this);
            pid = Cloning.Clone(_arena, SpawnLadder.Code, mode.Rung, wish, StartWaiter.Doorbell);
        }
        else
        {
            pid = Cloning.Clone(_arena, SpawnLadder.Code, mode.Rung, wish, &_arena.Context->InUse);
        }

        if (pid < 0)
        {
            StartWaiter.Remove(this);
            throw Failed(_options, _compiled, Cloning.FailedCall(_arena, mode.Rung), "a new process", new Errno(-pid));
        }

        _child = new ChildProcess(pid, new Descriptor(*_arena.PidFd), startTimestamp, mode.Asynchronous ? this : null)
        {
            Telemetry = _telemetry,
            Options = _options,
        };
        if (_stage is not null)
        {
            GoOnWithSecondStage(reactor);
        }
        else if (mode.Asynchronous)
        {
            RingIfPassedOver();
            WatchOrEnd(reactor);
        }
    }

    // It may have let go before we knew its pidfd; then the waiter has passed it over. Under the lock, because another
    // child's ring may conclude this start at any moment, and give the memory back.
    private void RingIfPassedOver()
    {
        lock (_lock)
        {
            if (!_concluded && HasLetGo)
            {
                StartWaiter.Ring();
            }
        }
    }

    // Whoever throws from here must leave no child: the memory it runs in goes back to the pool.
    private void WatchOrEnd(Reactor reactor)
    {
        try
        {
            Child.WatchWith(reactor);
        }
        catch (SystemCallException)
        {
            // Started meanwhile: the caller gets it, and reaps it by waiting.
            if (End())
            {
                throw;
            }
        }
    }

    // The child must not live on: it is killed and reaped. False if the start was concluded meanwhile.
    private bool End()
    {
        lock (_lock)
        {
            if (_concluded)
            {
                return false;
            }

            _concluded = true;
        }

        Child.Kill();
        StartWaiter.Remove(this);
        Child.ReapEnded();
        return true;
    }

    private void Succeed()
    {
        Release();
        _registration.Dispose();
        Child.StartSucceeded();
        _completion!.TrySetResult(Child);
    }

    // Only once the child has let go.
    private void Release()
    {
        _concluded = true;
        _held.Release();
        _stage?.Dispose();
        ArenaPool.Return(_arena);
    }
}
