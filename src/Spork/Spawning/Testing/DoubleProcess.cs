using Spork.Linux;
using Spork.Testing;

namespace Spork.Spawning;

/// <summary>
/// A process that is none: a task, its copies of the descriptors that the command gives, an end. What waits for a process
/// waits for a descriptor; here it is a pipe that becomes readable.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A body may still hold the token; no timer is behind it."
)]
internal sealed class DoubleProcess
{
    // Linux has no process above 2^22: signalled by number, by whatever code, it is nobody.
    private static int s_lastId = 1 << 30;

    // Ignored by default, or stopping.
    private static readonly Signal[] Harmless =
    [
        Spork.Signal.SIGCHLD,
        Spork.Signal.SIGCONT,
        Spork.Signal.SIGURG,
        Spork.Signal.SIGWINCH,
        Spork.Signal.SIGSTOP,
        Spork.Signal.SIGTSTP,
        Spork.Signal.SIGTTIN,
        Spork.Signal.SIGTTOU,
    ];

    private readonly Lock _lock = new();
    private readonly CommandDouble _owner;
    private readonly CommandRule _rule;
    private readonly CommandCall _call;
    private readonly Descriptor _ended;
    private readonly CancellationTokenSource _killed = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DoubleStreams? _streams;
    private RawExit? _exit;

    /// <exception cref="SystemCallException">EMFILE, ENFILE.</exception>
    internal DoubleProcess(CommandDouble owner, CommandRule rule, CommandCall call)
    {
        _owner = owner;
        _rule = rule;
        _call = call;
        var pipe = PipePair.Create();
        _ended = pipe.WriteEnd;
        PidFd = new DoublePidFd(pipe.ReadEnd.Number, this);
        pipe.ReadEnd.SetHandleAsInvalid();
        call.ProcessId = Interlocked.Increment(ref s_lastId);
        owner.Add(this);
    }

    internal DoublePidFd PidFd { get; }

    /// <summary>Whether a process that does nothing about this signal is ended by it. See signal(7).</summary>
    internal static bool EndsBy(Signal signal) => signal.Number != 0 && Array.IndexOf(Harmless, signal) < 0;

    /// <summary>Takes copies of the command's descriptors, as a child does.</summary>
    /// <exception cref="SpawnException">One cannot be had.</exception>
    internal void Open(Command command, StartMode mode)
    {
        _streams = DoubleStreams.Open(command, mode);
        _call.Open(_streams);
    }

    /// <summary>Begins to run. With the caller's context: what the body starts is its double's, too.</summary>
    internal void Start() => _ = Task.Run(RunAsync);

    /// <summary>False if it had ended.</summary>
    internal bool Signal(Signal signal)
    {
        lock (_lock)
        {
            if (_exit is not null)
            {
                return false;
            }
        }

        if (signal.Number != 0)
        {
            _call.Add(signal);
            if (_rule.EndBy(signal) is { } exit)
            {
                End(exit);
            }
        }

        return true;
    }

    internal void Kill() => Signal(Spork.Signal.SIGKILL);

    /// <summary>The end of a start that fails.</summary>
    internal void EndUnstarted() => End(new RawExit(ExitKind.Exited, 127, CoreDumped: false, HasUsage: false, default));

    /// <summary>As waitid(2).</summary>
    internal bool Reap(bool block, out RawExit exit)
    {
        if (block)
        {
            _over.Task.GetAwaiter().GetResult();
        }

        lock (_lock)
        {
            exit = _exit ?? default;
            return _exit is not null;
        }
    }

    private async Task RunAsync()
    {
        RawExit exit;
        Exception? failure = null;
        try
        {
            exit = await _rule.RunAsync(_call, _killed.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (_killed.IsCancellationRequested && ComesOfTheEnd(e))
        {
            return;
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPIPE)
        {
            exit = ByOwnSignal(Spork.Signal.SIGPIPE);
        }
        catch (Exception e)
        {
            failure = e;
            exit = ByOwnSignal(Spork.Signal.SIGABRT);
        }

        End(exit, failure);
    }

    // A signal has ended it, its token is cancelled and its streams are closed: what a body meets then says nothing about
    // the code under test. Anything else does, an assertion after the token's end not least.
    private static bool ComesOfTheEnd(Exception e) =>
        e switch
        {
            OperationCanceledException or ObjectDisposedException => true,
            SystemCallException call => call.Errno == Errno.EPIPE,
            AggregateException several => several.InnerExceptions.All(ComesOfTheEnd),
            _ => false,
        };

    private static RawExit ByOwnSignal(Signal signal) =>
        new(ExitKind.Signaled, signal.Number, CoreDumped: false, HasUsage: false, default);

    private void End(RawExit exit, Exception? bodyFailure = null)
    {
        lock (_lock)
        {
            if (_exit is not null)
            {
                // A signal was first. What the body has to say is heard all the same.
                _owner.Remove(this, bodyFailure);
                return;
            }

            // Its descriptors are closed before anybody hears of its end, as the kernel does it.
            _ = _killed.CancelAsync();
            _streams?.Dispose();
            _owner.Remove(this, bodyFailure);
            _exit = exit;
            unsafe
            {
                byte something = 0;
                Sys.CallRestarting(Syscall.write, _ended.Number, (nint)(&something), 1);
            }

            _ended.Dispose();
            _over.SetResult();
        }
    }
}
