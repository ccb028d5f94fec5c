using System.Runtime.InteropServices;

namespace Spork.Cli.Run;

/// <summary>
/// Standard output as a stream, by write(2) alone: Console would swallow a broken pipe, and a FileStream keeps an offset
/// of its own, which a file shared with others must not have.
/// </summary>
internal sealed unsafe class TerminalOutput : Stream
{
    private const int StandardOutput = 1;
    private const int Interrupted = 4; // EINTR
    private const int TryAgain = 11; // EAGAIN
    private const short Writable = 4; // POLLOUT

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <exception cref="SystemCallException">EPIPE: nobody reads it any more; EIO: our terminal is gone; ENOSPC.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // Closed by whoever started us: there is nobody to show it to, and that is what they asked for.
        if (!LibC.IsCallers(StandardOutput))
        {
            return;
        }

        while (!buffer.IsEmpty)
        {
            nint written;
            fixed (byte* start = buffer)
            {
                written = LibC.WriteOrError(StandardOutput, start, buffer.Length);
            }

            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            var errno = Marshal.GetLastPInvokeError();
            if (errno == TryAgain)
            {
                // Somebody who shares it made it non-blocking.
                var entry = new PollEntry { Descriptor = StandardOutput, Events = Writable };
                _ = LibC.Poll(&entry, 1, -1);
            }
            else if (errno != Interrupted)
            {
                throw new SystemCallException("write", "standard output", new Errno(errno));
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return default;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
