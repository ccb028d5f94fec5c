using System.Runtime.InteropServices;
using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary>
/// <c>--pty</c>: stands between our own terminal, or whatever our streams are, and the command's. Keys go to the command
/// as bytes, Ctrl-C and Ctrl-Z among them; its terminal makes signals of them. Our window's size becomes its window's.
/// </summary>
internal sealed class TerminalRelay : IDisposable
{
    private const int SelfStop = 19; // SIGSTOP

    private readonly PseudoTerminal _terminal;
    private readonly bool _followsWindow;
    private readonly OwnTerminal? _own = OwnTerminal.Find();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TerminalInput _input;
    private bool _disposed;
    private Task? _output;
    private SystemCallException? _trouble;

    public TerminalRelay(PseudoTerminal terminal, bool followsWindow)
    {
        _terminal = terminal;
        _followsWindow = followsWindow;
        _input = new TerminalInput(terminal, _own);

        // Only a terminal shows what is typed; who pipes something in does not want to see it come out.
        terminal.Echo = _own is not null;
    }

    /// <summary>The command runs: from here on everything is passed on, and our terminal is raw.</summary>
    public void Attach(ChildProcess child)
    {
        using (new HiddenTerminal())
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => FollowWindow()));
            if (_own is not null)
            {
                _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => OnContinued()));
                _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, OnStopped));
            }
        }

        FollowWindow();
        _own?.EnterRaw();
        _output = CopyOutputAsync(child);
        _input.Start();
    }

    /// <summary>The command has ended: shows the rest of its output and gives our terminal back.</summary>
    public void Finish()
    {
        _output?.GetAwaiter().GetResult();
        Dispose();
        if (_trouble is { } trouble && trouble.Errno != Errno.EPIPE)
        {
            ErrorLine.Write($"the command's output cannot be shown, and its terminal was hung up: {trouble.Message}");
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _registrations.ForEach(registration => registration.Dispose());
        _registrations.Clear();
        _terminal.Dispose();
        _input.Dispose();
        _own?.Dispose();
    }

    private async Task CopyOutputAsync(ChildProcess child)
    {
        // Not on the thread that waits for the command: it has a timeout to keep.
        await Task.Yield();
        try
        {
            using var output = new TerminalOutput();
            await _terminal.CopyOutputAsync(output, child).ConfigureAwait(false);
        }
        catch (SystemCallException e)
        {
            // As when a window is closed: nobody would see what it says, so it is told.
            _trouble = e;
            _terminal.Dispose();
        }
    }

    private void FollowWindow()
    {
        if (!_followsWindow || OwnTerminal.Size() is not { } size)
        {
            return;
        }

        try
        {
            _terminal.Size = size;
        }
        catch (ObjectDisposedException)
        {
            // The command has just ended.
        }
    }

    private void OnContinued()
    {
        _own!.EnterRaw();
        FollowWindow();
    }

    // By kill(1): the key goes to the command. Whoever is in front next gets the terminal as it was.
    private void OnStopped(PosixSignalContext context)
    {
        context.Cancel = true;
        _own!.Restore();
        _ = LibC.Kill(Environment.ProcessId, SelfStop);
    }
}
