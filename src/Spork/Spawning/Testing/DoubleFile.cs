using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// A descriptor of the test's, or a file, for a double: read(2) and write(2) at the position that all its copies share,
/// which a FileStream has for itself. Blocks as a program would.
/// </summary>
internal sealed unsafe class DoubleFile(Descriptor descriptor, bool reads, bool writes) : Stream
{
    public override bool CanRead => reads;

    public override bool CanSeek => false;

    public override bool CanWrite => writes;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            return (int)Call(Syscall.read, "read", (nint)pointer, buffer.Length);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* pointer = buffer)
        {
            for (var done = 0; done < buffer.Length; )
            {
                done += (int)Call(Syscall.write, "write", (nint)(pointer + done), buffer.Length - done);
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        descriptor.Dispose();
        base.Dispose(disposing);
    }

    private nint Call(Syscall call, string name, nint buffer, nint length)
    {
        var held = false;
        try
        {
            descriptor.DangerousAddRef(ref held);
            var result = Sys.CallRestarting(call, descriptor.Number, buffer, length);
            return result >= 0
                ? result
                : throw new SystemCallException(name, $"descriptor {descriptor.Number}", Sys.ErrnoOf(result));
        }
        finally
        {
            if (held)
            {
                descriptor.DangerousRelease();
            }
        }
    }
}
