using System.IO.Pipelines;
using Spork.Linux;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// Our end of a pipe that a program writes to: a stream for reading. What the program writes while nobody reads stays in
/// the kernel (64 KiB); then the program waits. No thread is parked by an asynchronous read.
/// </summary>
/// <remarks>
/// One read at a time; a second one is refused while the first waits. Disposing it, also meanwhile, is fine: the read that
/// waits ends with <see cref="ObjectDisposedException"/>, and the program gets SIGPIPE when it writes again.
/// Lines are read ahead; bytes cannot be read (<see cref="InvalidOperationException"/>) while some of those are left.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Naming",
    "CA1710",
    Justification = "It is the program's output; that it is a stream shows."
)]
public sealed partial class ChildOutput : Stream
{
    // One page of a pipe holds 4 KiB; a pipe that was full comes in 16 pieces of that or one of 64.
    private const int ReaderBlock = 16 * 1024;

    private readonly AsyncDescriptor _descriptor;
    private PipeReader? _reader;

    internal ChildOutput(AsyncDescriptor descriptor) => _descriptor = descriptor;

#pragma warning disable MA0055 // The reactor keeps the descriptor it watches, so only this object's end tells that nobody reads.
    /// <summary>Forgotten: the pipe is closed.</summary>
    ~ChildOutput() => Dispose(disposing: false);
#pragma warning restore MA0055

    /// <summary>
    /// The same bytes as a <see cref="PipeReader"/>, for parsing without copying. Use it or the stream, not both: it reads
    /// ahead.
    /// </summary>
    public PipeReader Reader =>
        _reader ??= PipeReader.Create(this, new StreamPipeReaderOptions(bufferSize: ReaderBlock));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

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
    /// <exception cref="SystemCallException">read(2) failed.</exception>
    public override int Read(Span<byte> buffer)
    {
        CheckNothingReadAhead();
        var result = buffer.IsEmpty ? 0 : _descriptor.Read(buffer);
        GC.KeepAlive(this);
        return Checked(result);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    /// <exception cref="SystemCallException">read(2) failed.</exception>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return new(0);
        }

        CheckNothingReadAhead();
        var read = _descriptor.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new(Checked(read.Result)) : CheckedAsync(read);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Nothing to do.</summary>
    public override void Flush() { }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) =>
        throw new NotSupportedException("A pipe has no position.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A pipe has no length.");

    /// <summary>Not supported: the program writes, we read.</summary>
    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("This is the program's output; it cannot be written.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _descriptor.Dispose();
        base.Dispose(disposing);
    }

    private static int Checked(int result) =>
        result >= 0 ? result : throw new SystemCallException("read", "the program's output", Sys.ErrnoOf(result));

    // This object stays reachable while somebody waits: its finalizer would close the pipe under the read.
    private async ValueTask<int> CheckedAsync(ValueTask<int> read)
    {
        var result = await read.ConfigureAwait(false);
        GC.KeepAlive(this);
        return Checked(result);
    }
}
