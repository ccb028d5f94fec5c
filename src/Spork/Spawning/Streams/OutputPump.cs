using Spork.Linux;

namespace Spork.Spawning;

/// <summary>From a pipe into a sink, with no thread and, while the pipe is empty, no buffer.</summary>
internal static class OutputPump
{
    // More than a pipe usually holds: what was in it when the time was up is read, what a descendant adds for ever is not.
    private const long AfterTheEnd = 1024 * 1024;

    /// <param name="source">Our end of the pipe.</param>
    /// <param name="sink">Where it goes.</param>
    /// <param name="drained">Cancelled when an empty pipe is not waited for any more.</param>
    /// <param name="cancellationToken">Gives up at once.</param>
    /// <returns>Whether the end was seen: false if somebody still held the pipe when the time was up.</returns>
    internal static async Task<bool> RunAsync(
        AsyncDescriptor source,
        OutputSink sink,
        CancellationToken drained,
        CancellationToken cancellationToken
    )
    {
        await sink.OpenAsync(cancellationToken).ConfigureAwait(false);
        var size = new PipeSize(source, mayGrow: sink is CaptureBuffer);
        bool sawEnd;
        try
        {
            sawEnd = await ReadToEndAsync(source, sink, size, drained, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            size.Over();
        }

        sink.LetGoOfMemory();
        await sink.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return sawEnd;
    }

    private static async Task<bool> ReadToEndAsync(
        AsyncDescriptor source,
        OutputSink sink,
        PipeSize size,
        CancellationToken drained,
        CancellationToken cancellationToken
    )
    {
        var afterTheEnd = 0L;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = source.TryRead(sink.GetMemory().Span);
            if (count == 0)
            {
                return true;
            }

            if (count > 0)
            {
                size.OnRead(count);
                await sink.CommitAsync(count, cancellationToken).ConfigureAwait(false);
                if (drained.IsCancellationRequested && (afterTheEnd += count) >= AfterTheEnd)
                {
                    return false;
                }

                continue;
            }

            if (count != -Errno.EAGAIN.Value)
            {
                throw new SystemCallException("read", "the program's output", Sys.ErrnoOf(count));
            }

            sink.LetGoOfMemory();
            try
            {
                if (drained.IsCancellationRequested)
                {
                    return false;
                }

                await source.WaitUntilReadableAsync(drained).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (drained.IsCancellationRequested)
            {
                // Once more: it may have been written in this very moment.
            }
        }
    }
}
