using System.IO.Pipelines;
using Spork.Linux;

namespace Spork;

// What is shown and what is typed.
public sealed partial class PseudoTerminal
{
    // After the program's end: more than the kernel ever holds back for a terminal (12 KiB), far less than a descendant
    // that writes for ever would have us read.
    private const int MostAfterTheEnd = 1 << 20;

    private PipeReader? _reader;
    private PipeWriter? _writer;

    /// <summary>
    /// Reads what programs write to the terminal, writes what they read from it. The end comes when no process has the
    /// terminal open any more, and not before all output was read. Disposing it hangs up, as <see cref="Dispose"/>.
    /// </summary>
    public Stream Stream { get; }

    /// <summary><see cref="Stream"/>, for reading through a pipe. Use the one or the other.</summary>
    public PipeReader Reader =>
        LazyInitializer.EnsureInitialized(
            ref _reader,
            () => PipeReader.Create(Stream, new StreamPipeReaderOptions(leaveOpen: true))
        );

    /// <summary><see cref="Stream"/>, for writing through a pipe. Use the one or the other.</summary>
    public PipeWriter Writer =>
        LazyInitializer.EnsureInitialized(
            ref _writer,
            () => PipeWriter.Create(Stream, new StreamPipeWriterOptions(leaveOpen: true))
        );

    /// <summary>What has been written and can be read at once.</summary>
    /// <param name="buffer">Where to.</param>
    /// <param name="count">How many bytes; 0 at the end.</param>
    /// <returns>False if there is nothing right now.</returns>
    /// <exception cref="SystemCallException">read(2) failed.</exception>
    /// <exception cref="ObjectDisposedException">It was hung up.</exception>
    public bool TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        var result = _master.TryRead(buffer);
        if (result == -Errno.EAGAIN.Value)
        {
            return false;
        }

        count = Result("read", result);
        return true;
    }

    /// <summary>
    /// Copies all output until the program has ended, without waiting for others that it left behind at the terminal:
    /// everything the program itself wrote is copied, also what it wrote just before its end.
    /// </summary>
    /// <param name="destination">Where to; flushed after each piece.</param>
    /// <param name="child">The program.</param>
    /// <param name="cancellationToken">Stops copying; the program runs on.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task CopyOutputAsync(
        Stream destination,
        ChildProcess child,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentNullException.ThrowIfNull(child);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = CancelAtExitAsync(child, ended);
        try
        {
            var buffer = new byte[16384];
            if (await CopyUntilCancelledAsync(destination, buffer, ended.Token).ConfigureAwait(false))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            for (var left = MostAfterTheEnd; left > 0 && TryRead(buffer, out var count) && count > 0; left -= count)
            {
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await destination.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    /// <summary>The result, with EIO as the end: the last process let go of its end of the terminal.</summary>
    internal int Result(string call, int result) =>
        result >= 0 ? result
        : result == -Errno.EIO.Value ? 0
        : throw new SystemCallException(call, Name, Sys.ErrnoOf(result));

    private static async Task CancelAtExitAsync(ChildProcess child, CancellationTokenSource ended)
    {
        try
        {
            await child.WaitAsync(ended.Token).ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The copying is over first.
        }
    }

    /// <returns>True at the end of the output.</returns>
    private async Task<bool> CopyUntilCancelledAsync(Stream destination, byte[] buffer, CancellationToken ended)
    {
        while (true)
        {
            int count;
            try
            {
                count = await Stream.ReadAsync(buffer, ended).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return false;
            }

            if (count == 0)
            {
                return true;
            }

            // Not with that token: what was read is written.
            await destination.WriteAsync(buffer.AsMemory(0, count), CancellationToken.None).ConfigureAwait(false);
            await destination.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
