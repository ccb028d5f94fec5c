using System.Diagnostics.CodeAnalysis;

namespace Spork;

/// <summary>
/// A stream from or to a running program: what popen(3) returns, with pclose(3) as <see cref="CloseAndWait"/>. Reads and
/// writes as <see cref="ChildOutput"/> and <see cref="ChildInput"/> do; nothing is buffered here.
/// </summary>
/// <remarks>
/// Disposing it closes the pipe and lets the program go, which is reaped all the same when it ends; it does not wait. One
/// operation at a time; closing is fine from any thread.
/// </remarks>
[SuppressMessage("Naming", "CA1710", Justification = "It is popen's; that it is a stream shows.")]
public sealed class CommandPipe : Stream
{
    private readonly Stream _end;

    internal CommandPipe(ChildProcess child, Func<ChildProcess, Stream> end)
    {
        Child = child;
        _end = end(child);
    }

    /// <summary>The process: to signal it, or to wait for it in other ways.</summary>
    public ChildProcess Child { get; }

    /// <inheritdoc/>
    public override bool CanRead => _end.CanRead;

    /// <inheritdoc/>
    public override bool CanWrite => _end.CanWrite;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <summary>Not supported: a pipe has no length.</summary>
    public override long Length => _end.Length;

    /// <summary>Not supported: a pipe has no position.</summary>
    public override long Position
    {
        get => _end.Position;
        set => _end.Position = value;
    }

    /// <summary>
    /// Closes the pipe, which is the end of the program's input or of its readers, and waits for its end. Again: the same
    /// status.
    /// </summary>
    /// <param name="cancellationToken">Stops waiting; the program runs on.</param>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public ExitStatus CloseAndWait(CancellationToken cancellationToken = default)
    {
        _end.Dispose();
        var status = Child.Wait(cancellationToken);
        Child.StreamsEnded.Wait(cancellationToken);
        return status;
    }

    /// <summary>As <see cref="CloseAndWait"/>; parks no thread.</summary>
    /// <inheritdoc cref="CloseAndWait"/>
    public async Task<ExitStatus> CloseAndWaitAsync(CancellationToken cancellationToken = default)
    {
        await _end.DisposeAsync().ConfigureAwait(false);
        var status = await Child.WaitAsync(cancellationToken).ConfigureAwait(false);
        await Child.StreamsEnded.WaitAsync(cancellationToken).ConfigureAwait(false);
        return status;
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => _end.Read(buffer);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => _end.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _end.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _end.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) => _end.Write(buffer);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => _end.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _end.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _end.WriteAsync(buffer, offset, count, cancellationToken);

    /// <summary>Nothing to do.</summary>
    public override void Flush() { }

    /// <summary>Nothing to do.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => _end.Seek(offset, origin);

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => _end.SetLength(value);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _end.Dispose();
            Child.Dispose();
        }

        base.Dispose(disposing);
    }
}
