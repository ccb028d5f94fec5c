using System.Runtime.InteropServices;

namespace Spork.Cli.Run;

/// <summary>
/// Keeps spork alive as long as its command. SIGTERM and SIGHUP go on to the command. SIGINT and SIGQUIT reach it
/// from the terminal itself, which signals the whole foreground group; a second copy would look like an impatient
/// user pressing twice. They are passed on only where the terminal could not have sent them to the command.
/// </summary>
internal sealed class SignalRelay : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _start = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly List<Signal> _pending = [];
    private readonly bool _childLeftTheTerminal;
    private ChildProcess? _child;
    private bool _isOver;

    public SignalRelay(bool childLeftTheTerminal)
    {
        _childLeftTheTerminal = childLeftTheTerminal;
        var ignored = SelfStatus.IgnoredSignals();
        using var hidden = new HiddenTerminal();
        foreach (
            var (posix, signal) in (ReadOnlySpan<(PosixSignal, Signal)>)
                [
                    (PosixSignal.SIGTERM, Signal.SIGTERM),
                    (PosixSignal.SIGHUP, Signal.SIGHUP),
                    (PosixSignal.SIGINT, Signal.SIGINT),
                    (PosixSignal.SIGQUIT, Signal.SIGQUIT),
                ]
        )
        {
            // nohup's SIGHUP, a background job's SIGINT: what spork was told to ignore it does not hand on.
            if ((ignored & (1UL << (signal.Number - 1))) == 0)
            {
                _registrations.Add(PosixSignalRegistration.Create(posix, context => OnSignal(context, signal)));
            }
        }
    }

    /// <summary>A signal before the command runs ends the start, which may be blocked in a step.</summary>
    public CancellationToken StartCancelled => _start.Token;

    /// <summary>The first signal that came before the command ran.</summary>
    public Signal? Received
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0 ? _pending[0] : null;
            }
        }
    }

    /// <summary>
    /// From here on signals go to the command, and those that came before it could be cancelled. Of these too the
    /// terminal's own are not repeated: a command that ran already when spork heard of Ctrl-C has had it.
    /// </summary>
    public void Attach(ChildProcess child)
    {
        lock (_lock)
        {
            _child = child;
            foreach (var signal in _pending.Where(MustRelay))
            {
                CommandSignal.Send(child, signal);
            }
        }
    }

    public void Detach()
    {
        lock (_lock)
        {
            _child = null;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        // A registration's end does not wait for its handlers, each of which has a thread of its own: one may begin now.
        lock (_lock)
        {
            _isOver = true;
            _start.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context, Signal signal)
    {
        context.Cancel = true;
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            if (_child is null)
            {
                _pending.Add(signal);
                _start.Cancel();
            }
            else if (MustRelay(signal))
            {
                CommandSignal.Send(_child, signal);
            }
        }
    }

    private bool MustRelay(Signal signal) =>
        (signal != Signal.SIGINT && signal != Signal.SIGQUIT) || _childLeftTheTerminal || !SelfStatus.IsInForeground();
}
