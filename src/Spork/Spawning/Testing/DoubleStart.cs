using System.Diagnostics;
using Spork.Testing;

namespace Spork.Spawning;

/// <summary>
/// The start of a double, for every way of starting: the same object that a real start is, so that nothing above knows.
/// Its outcome is there at once, or once its gate is open.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "The child belongs to the caller, or is reaped."
)]
internal sealed class DoubleStart : PendingStart
{
    private readonly DoubleProcess _process;
    private readonly SpawnException? _failure;
    private readonly TaskCompletionSource<ChildProcess>? _completion;
    private int _decided;

    private DoubleStart(DoubleProcess process, ChildProcess child, SpawnException? failure, bool asynchronous)
    {
        _process = process;
        Child = child;
        _failure = failure;
        _completion = asynchronous ? new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
    }

    internal override ChildProcess Child { get; }

    internal override Task<ChildProcess> Completion => _completion!.Task;

    /// <exception cref="CommandDoubleException">No rule covers it.</exception>
    /// <exception cref="SpawnException">No descriptor was to be had.</exception>
    internal static DoubleStart Launch(CommandDouble owner, Command command, StartMode mode, StartTelemetry? telemetry)
    {
        var (rule, call) = owner.Take(command.Origin);
        try
        {
            var failure = rule.FailureOf(command, mode);
            var process = new DoubleProcess(owner, rule, call);
            try
            {
                if (failure is null)
                {
                    process.Open(command, mode);
                }
            }
            catch (SpawnException e)
            {
                failure = e;
            }
            catch
            {
                process.EndUnstarted();
                process.PidFd.Dispose();
                throw;
            }

            var child = new ChildProcess(call.ProcessId, process.PidFd, Stopwatch.GetTimestamp(), start: null)
            {
                Telemetry = telemetry,
                Options = command.Options,
            };
            var start = new DoubleStart(process, child, failure, mode.Asynchronous);
            if (!mode.Gated)
            {
                start.OpenGate();
            }

            return start;
        }
        catch (SystemCallException e)
        {
            throw SpawnException.NotReady(command.Options, e);
        }
    }

    internal override ChildProcess WaitForOutcome(CancellationToken cancellationToken) =>
        _failure is null ? Child : throw _failure;

    internal override ExitStatus WaitForEnd(CancellationToken cancellationToken)
    {
        using var child = WaitForOutcome(cancellationToken);
        using var registration = cancellationToken.UnsafeRegister(static c => ((ChildProcess)c!).TryKill(), child);
        var status = child.WaitInKernel();
        cancellationToken.ThrowIfCancellationRequested();
        return status;
    }

    // It starts without a moment in which it could be cancelled.
    internal override void CancelWith(CancellationToken cancellationToken) { }

    internal override void Cancel()
    {
        if (Interlocked.Exchange(ref _decided, 1) == 0)
        {
            _process.EndUnstarted();
            Child.ReapEnded();
            Child.Telemetry?.Failed(new OperationCanceledException());
            _completion?.TrySetCanceled(CancellationToken.None);
        }
    }

    internal override void OpenGate()
    {
        if (Interlocked.Exchange(ref _decided, 1) != 0)
        {
            return;
        }

        if (_failure is not null)
        {
            _process.EndUnstarted();
            Child.ReapEnded();
            Child.Telemetry?.Failed(_failure);
            _completion?.TrySetException(_failure);
            return;
        }

        Child.StartSucceeded();
        if (_completion is not null)
        {
            Child.WatchWith(Reactor.Instance);
        }

        _process.Start();
        _completion?.TrySetResult(Child);
    }
}
