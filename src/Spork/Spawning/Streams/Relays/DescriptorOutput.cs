using Spork.Linux;

namespace Spork.Spawning;

/// <summary>A file that is opened here, or a descriptor of this process, as a target of a tee.</summary>
internal sealed class DescriptorOutput(Stdio target) : OutputRelay
{
    internal override string Name => target.ToString();

    internal override OutputSink CreateSink(int number) => new Sink(Open(target, number), Name);

    private static Descriptor Open(Stdio target, int number)
    {
        if (target.File is { } file)
        {
            return file.Open();
        }

        // A duplicate: the caller may close its own meanwhile.
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

    private sealed class Sink(Descriptor descriptor, string name) : OutputSink
    {
        // How long a full target that does not block is waited for before the token is looked at.
        private const int LookMilliseconds = 100;

        internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            while (!bytes.IsEmpty)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bytes = bytes[Write(bytes.Span)..];
            }

            return default;
        }

        internal override void Close() => descriptor.Dispose();

        private unsafe int Write(ReadOnlySpan<byte> bytes)
        {
            fixed (byte* pointer = bytes)
            {
                var result = Sys.CallRestarting(Syscall.write, descriptor.Number, (nint)pointer, bytes.Length);
                if (result >= 0)
                {
                    return (int)result;
                }

                if (result != -Errno.EAGAIN.Value)
                {
                    throw new SystemCallException("write", name, Sys.ErrnoOf(result));
                }
            }

            var full = new PollFd { Descriptor = descriptor.Number, Events = PollFd.POLLOUT };
            Sys.Call(Syscall.poll, (nint)(&full), 1, LookMilliseconds);
            return 0;
        }
    }
}
