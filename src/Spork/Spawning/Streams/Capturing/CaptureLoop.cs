using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A capture on the caller's thread: poll(2) over the child's outputs, its input and its pidfd. No reactor, no pool, no
/// hand-over between threads. (A larger pipe, which asynchronous captures get, was measured to make no difference here.)
/// </summary>
internal sealed unsafe class CaptureLoop
{
    private const int Exit = 0;
    private const int Output = 1;
    private const int Error = 2;
    private const int Input = 3;

    // Where cancellation has nobody left to kill, the loop looks at the token.
    private const int LookMilliseconds = 20;
    private const long AfterTheEnd = 1024 * 1024;

    private readonly ChildProcess _child;
    private readonly CaptureBuffer[] _buffers;
    private readonly TimeSpan _drainGrace;
    private readonly PollFd[] _polled = new PollFd[4];
    private readonly Descriptor?[] _outputs;
    private AsyncDescriptor? _input;
    private ReadOnlyMemory<byte> _unwritten;
    private long _deadline = long.MaxValue;
    private long _afterTheEnd;
    private bool _exited;

    private CaptureLoop(ChildProcess child, StreamSetup setup, CaptureBuffer[] buffers, TimeSpan drainGrace)
    {
        _child = child;
        _buffers = buffers;
        _drainGrace = drainGrace;
        _outputs = [null, setup.CapturedEnd(Output), setup.CapturedEnd(Error)];
        (_input, _unwritten) = setup.KnownInput();
        Array.Fill(_polled, new PollFd { Descriptor = -1, Events = PollFd.POLLIN });
        _polled[Exit].Descriptor = child.PidFd.Number;
        _polled[Output].Descriptor = _outputs[Output]?.Number ?? -1;
        _polled[Error].Descriptor = _outputs[Error]?.Number ?? -1;
        _polled[Input].Events = PollFd.POLLOUT;
        Write();
    }

    /// <summary>Until the outputs have ended. The child is not reaped yet.</summary>
    /// <returns>Whether the ends were seen: false if somebody still held a pipe when the drain grace was over.</returns>
    /// <exception cref="CaptureLimitException">Too much output.</exception>
    internal static bool Run(
        ChildProcess child,
        StreamSetup setup,
        CaptureBuffer[] buffers,
        TimeSpan drainGrace,
        CancellationToken cancellationToken
    ) => new CaptureLoop(child, setup, buffers, drainGrace).Run(cancellationToken);

    private bool Run(CancellationToken cancellationToken)
    {
        while (IsOpen(Output) || IsOpen(Error) || (IsOpen(Input) && !_exited))
        {
            if (_exited && cancellationToken.IsCancellationRequested)
            {
                return true;
            }

            var expired = _exited && Environment.TickCount64 >= _deadline;
            var ready = Poll(expired ? 0 : Patience(cancellationToken));
            if ((ready == 0 && expired) || _afterTheEnd >= AfterTheEnd)
            {
                return false;
            }

            Read(Output, expired);
            Read(Error, expired);
            if (_polled[Input].ReturnedEvents != 0)
            {
                Write();
            }

            if (_polled[Exit].ReturnedEvents != 0)
            {
                OnExit();
            }
        }

        return true;
    }

    private bool IsOpen(int which) => _polled[which].Descriptor >= 0;

    private int Patience(CancellationToken cancellationToken)
    {
        if (!_exited)
        {
            return -1;
        }

        var left = _deadline == long.MaxValue ? int.MaxValue : _deadline - Environment.TickCount64;
        return (int)Math.Clamp(left, 0, cancellationToken.CanBeCanceled ? LookMilliseconds : int.MaxValue);
    }

    private int Poll(int timeout)
    {
        fixed (PollFd* polled = _polled)
        {
            var result = Sys.CallRestarting(Syscall.poll, (nint)polled, _polled.Length, timeout);
            return result >= 0
                ? (int)result
                : throw new SystemCallException("poll", "the program's output", Sys.ErrnoOf(result));
        }
    }

    // Somebody else's child may have the input or the outputs yet; ours wrote all it ever will.
    private void OnExit()
    {
        _exited = true;
        _polled[Exit].Descriptor = -1;
        Close(Input);
        if (_drainGrace != Timeout.InfiniteTimeSpan)
        {
            _deadline = Environment.TickCount64 + (long)_drainGrace.TotalMilliseconds;
        }
    }

    private void Read(int which, bool expired)
    {
        if (!IsOpen(which) || _polled[which].ReturnedEvents == 0)
        {
            return;
        }

        // The pipe blocks, but nobody else reads it, and poll has seen something in it.
        var buffer = _buffers[which - 1];
        int count;
        var room = buffer.GetMemory().Span;
        fixed (byte* pointer = room)
        {
            count = (int)Sys.CallRestarting(Syscall.read, _polled[which].Descriptor, (nint)pointer, room.Length);
        }

        if (count < 0)
        {
            throw new SystemCallException("read", "the program's output", Sys.ErrnoOf(count));
        }

        if (count == 0)
        {
            Close(which);
            return;
        }

        buffer.Commit(count);
        _afterTheEnd += expired ? count : 0;
    }

    private void Write()
    {
        while (_input is not null)
        {
            var written = _unwritten.IsEmpty ? -Errno.EPIPE.Value : _input.TryWrite(_unwritten.Span);
            if (written == -Errno.EAGAIN.Value)
            {
                _polled[Input].Descriptor = _input.Descriptor.Number;
                return;
            }

            // EPIPE: it needs no more, which is no failure.
            if (written < 0)
            {
                Close(Input);
                return;
            }

            _unwritten = _unwritten[written..];
        }
    }

    private void Close(int which)
    {
        _polled[which].Descriptor = -1;
        if (which == Input)
        {
            _input?.Dispose();
            _input = null;
        }
        else
        {
            _outputs[which]!.Dispose();
        }
    }
}
