using System.IO.Pipelines;
using Spork.Linux;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// Our end of a pipe that a program reads: a stream for writing. Closing it is the end of the program's input. When the
/// pipe is full (64 KiB), a write waits for the program; no thread is parked by an asynchronous one.
/// </summary>
/// <remarks>
/// One write at a time; a second one is refused while the first waits. A program that has closed its input, or ended, is
/// told by <see cref="SystemCallException"/> with EPIPE. Nothing is buffered here: <see cref="Flush"/> does nothing.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Naming",
    "CA1710",
    Justification = "It is the program's input; that it is a stream shows."
)]
public sealed class ChildInput : Stream
{
    private readonly AsyncDescriptor _descriptor;
    private PipeWriter? _writer;

    internal ChildInput(AsyncDescriptor descriptor) => _descriptor = descriptor;

#pragma warning disable MA0055 // The reactor keeps the descriptor it watches, so only this object's end tells that nobody writes.
    /// <summary>Forgotten: the program's input ends.</summary>
    ~ChildInput() => Dispose(disposing: false);
#pragma warning restore MA0055

    /// <summary>
    /// The same as a <see cref="PipeWriter"/>: write without copying, flush, and complete it to end the program's input. Use
    /// it or the stream, not both.
    /// </summary>
    public PipeWriter Writer => _writer ??= PipeWriter.Create(this);

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <summary>Not supported: a pipe has no length.</summary>
    public override long Length => throw new NotSupportedException("A pipe has no length.");

    /// <summary>Not supported: a pipe has no position.</summary>
    public override long Position
    {
        get => throw new NotSupportedException("A pipe has no position.");
        set => throw new NotSupportedException("A pipe has no position.");
    }

    internal AsyncDescriptor Descriptor => _descriptor;

    /// <inheritdoc/>
    /// <exception cref="SystemCallException">EPIPE: the program reads no more.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Checked(_descriptor.Write(buffer))..];
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <summary>
    /// Writes all of it. Cancelled, a part may have been written: then the program's input is best closed.
    /// </summary>
    /// <exception cref="SystemCallException">EPIPE: the program reads no more.</exception>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[Checked(await _descriptor.WriteAsync(buffer, cancellationToken).ConfigureAwait(false))..];
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Nothing to do.</summary>
    public override void Flush() { }

    /// <summary>Nothing to do.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported: the program reads, we write.</summary>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("This is the program's input; it cannot be read.");

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A pipe has no position.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A pipe has no length.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _descriptor.Dispose();
        base.Dispose(disposing);
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new SystemCallException("write", "the program's input", Sys.ErrnoOf(result));
}
