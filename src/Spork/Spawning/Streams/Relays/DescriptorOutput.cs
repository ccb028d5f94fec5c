using Spork.Linux;

namespace Spork.Spawning;

/// <summary>A file that is opened here, or a descriptor of this process, as a target of a tee.</summary>
/// <remarks>
/// A FIFO cannot be opened before somebody reads it, and a blocking open could not be cancelled: so files are opened
/// with O_NONBLOCK, and a FIFO without a reader (ENXIO, see fifo(7)) is tried again by the relay, as nobody tells when one
/// comes. Meanwhile the program runs until its pipe is full.
/// </remarks>
internal sealed class DescriptorOutput(Stdio target) : OutputRelay
{
    internal override string Name => target.ToString();

    internal override OutputSink CreateSink(int number) =>
        target.File is { } file
            ? new Sink(TryOpen(file), file, Name)
            : new Sink(Duplicate(target, number), file: null, Name);

    // Null: a FIFO that nobody reads yet.
    private static Descriptor? TryOpen(FileSource file)
    {
        try
        {
            return (file with { Flags = file.Flags | Fcntl.O_NONBLOCK }).Open();
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENXIO && FileKind.IsFifo(file.Path))
        {
            return null;
        }
    }

    // The caller may close its own meanwhile.
    private static Descriptor Duplicate(Stdio target, int number)
    {
        var held = false;
        try
        {
            target.Handle?.DangerousAddRef(ref held);
            var source = target.Kind switch
            {
                StdioKind.Handle => HandleNumber.Of(target.Handle!),
                StdioKind.Number => target.Number,
                _ => number,
            };
            var result = Sys.Call(Syscall.fcntl, source, Fcntl.F_DUPFD_CLOEXEC, 3);
            return result >= 0
                ? new Descriptor((int)result)
                : throw new SystemCallException("fcntl", $"descriptor {source}", Sys.ErrnoOf(result));
        }
        finally
        {
            if (held)
            {
                target.Handle!.DangerousRelease();
            }
        }
    }

    private sealed class Sink(Descriptor? opened, FileSource? file, string name) : OutputSink
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

        // How long a full target that does not block is waited for before the token is looked at.
        private const int LookMilliseconds = 100;

        private Descriptor? _descriptor = opened;

        internal override async ValueTask OpenAsync(CancellationToken cancellationToken)
        {
            var pause = TimeSpan.FromMilliseconds(1);
            while (_descriptor is null)
            {
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
                _descriptor = TryOpen(file!);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }

        internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            while (!bytes.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes = bytes[Write(bytes.Span)..];
            }

            return default;
        }

        internal override void Close() => _descriptor?.Dispose();

        private unsafe int Write(ReadOnlySpan<byte> bytes)
        {
            fixed (byte* pointer = bytes)
            {
                var result = Sys.CallRestarting(Syscall.write, _descriptor!.Number, (nint)pointer, bytes.Length);
                if (result >= 0)
                {
                    return (int)result;
                }

                if (result != -Errno.EAGAIN.Value)
                {
                    throw new SystemCallException("write", name, Sys.ErrnoOf(result));
                }
            }

            var full = new PollFd { Descriptor = _descriptor!.Number, Events = PollFd.POLLOUT };
            Sys.Call(Syscall.poll, (nint)(&full), 1, LookMilliseconds);
            return 0;
        }
    }
}
