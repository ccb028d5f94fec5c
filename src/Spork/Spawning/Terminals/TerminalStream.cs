using Spork.Linux;

namespace Spork.Spawning;

/// <summary>Our end of a terminal, both ways. Never blocks in the kernel: see <see cref="AsyncDescriptor"/>.</summary>
internal sealed class TerminalStream(PseudoTerminal terminal) : Stream
{
    public override bool CanRead => !terminal.Handle.IsClosed;

    public override bool CanWrite => !terminal.Handle.IsClosed;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException("A terminal has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("A terminal has no position.");
        set => throw new NotSupportedException("A terminal has no position.");
    }

    public override int Read(Span<byte> buffer) =>
        buffer.IsEmpty ? 0 : terminal.Result("read", terminal.Master.Read(buffer));

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return buffer.IsEmpty
            ? 0
            : terminal.Result("read", await terminal.Master.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Written(terminal.Master.Write(buffer))..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!buffer.IsEmpty)
        {
            var result = await terminal.Master.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            buffer = buffer[Written(result)..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A terminal cannot be sought in.");

    public override void SetLength(long value) => throw new NotSupportedException("A terminal has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            terminal.Dispose();
        }

        base.Dispose(disposing);
    }

    // EIO, for a read the end, is for a write an error: nobody will ever read it.
    private int Written(int result) =>
        result > 0
            ? result
            : throw new SystemCallException(
                "write",
                terminal.Name,
                result == 0 ? Errno.EIO : Sys.ErrnoOf(result),
                "nobody has the terminal open any more"
            );
}
