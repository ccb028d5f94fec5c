using System.Runtime.InteropServices;

namespace Spork.Cli.Run;

/// <summary>
/// Types at the command's terminal what comes from standard input, and Ctrl-D at its end. On a thread of its own, since
/// standard input may be anything; it reads nothing ahead of what the command's terminal takes, so that keys typed for
/// the next program stay where they are.
/// </summary>
internal sealed unsafe class TerminalInput : IDisposable
{
    private const int EndOfFileKey = 4;
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN
    private const int CloseOnExec = 0x80000; // EFD_CLOEXEC

    // How soon a job that was brought to the front (fg) while it ran notices: nobody sends it a signal.
    private const int BackgroundMilliseconds = 200;

    private readonly PseudoTerminal _terminal;
    private readonly OwnTerminal? _own;
    private readonly int _stop;
    private Thread? _thread;

    public TerminalInput(PseudoTerminal terminal, OwnTerminal? own)
    {
        _terminal = terminal;
        _own = own;
        _stop = LibC.EventDescriptor(0, CloseOnExec);
        if (_stop < 0)
        {
            throw new IOException("no descriptor is left to stop reading standard input by; see 'ulimit -n'");
        }
    }

    public void Start()
    {
        _thread = new Thread(Copy) { IsBackground = true, Name = "spork input" };
        _thread.Start();
    }

    /// <summary>After the command's terminal was disposed: a write to it may be what the thread waits in.</summary>
    public void Dispose()
    {
        var one = 1L;
        _ = LibC.Write(_stop, (byte*)&one, sizeof(long));
        _thread?.Join();
        _ = LibC.Close(_stop);
    }

    private void Copy()
    {
        try
        {
            var buffer = new byte[4096];
            var atLineStart = true;
            int count;
            while ((count = Read(buffer)) > 0)
            {
                _terminal.Stream.Write(buffer, 0, count);
                atLineStart = buffer[count - 1] == '\n';
            }

            if (count == 0)
            {
                // In the middle of a line the first one only hands the line over.
                byte[] end = [EndOfFileKey, EndOfFileKey];
                _terminal.Stream.Write(end, 0, atLineStart || !_terminal.IsCanonical ? 1 : 2);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The command is gone, and whatever else was to be typed is for nobody.
        }
    }

    /// <returns>Bytes, 0 at the end, -1 if it is time to stop.</returns>
    private int Read(byte[] buffer)
    {
        if (!LibC.IsCallers(0))
        {
            return 0;
        }

        var entries = stackalloc PollEntry[2];
        while (true)
        {
            var inFront = _own is null || OwnTerminal.IsInForeground;
            entries[0] = new PollEntry { Descriptor = _stop, Events = PollEntry.Readable };
            entries[1] = new PollEntry { Descriptor = inFront ? 0 : -1, Events = PollEntry.Readable };
            _ = LibC.Poll(entries, 2, inFront ? -1 : BackgroundMilliseconds);
            if (entries[0].Returned != 0)
            {
                return -1;
            }

            if (!inFront && OwnTerminal.IsInForeground)
            {
                _own!.EnterRaw();
            }

            // Asked again: keys of the program in front now are not ours, and reading them would stop us (SIGTTIN).
            if (entries[1].Returned == 0 || (_own is not null && !OwnTerminal.IsInForeground))
            {
                continue;
            }

            fixed (byte* start = buffer)
            {
                var count = LibC.Read(0, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }
            }

            if (Marshal.GetLastPInvokeError() is not (Interrupted or TryAgain))
            {
                return 0;
            }
        }
    }
}
