namespace Spork.Spawning;

/// <summary>
/// Keeps the bytes of one pipe, up to a limit. Small reads go through a pooled block and are copied together; once a pipe
/// comes in full blocks it is read straight into what is kept, and each byte is moved once, by the kernel.
/// </summary>
internal sealed class CaptureBuffer(string program, string stream, CaptureOptions options) : OutputSink
{
    private const int Hot = 32 * 1024;
    private const int LargestSegment = 1024 * 1024;

    private readonly List<Segment> _segments = [];
    private long _kept;
    private bool _hot;
    private bool _direct;

    private struct Segment
    {
        internal byte[] Array;
        internal int Count;

        internal readonly Memory<byte> Free => Array.AsMemory(Count);
    }

    /// <summary>All that came, kept or not.</summary>
    internal long Total { get; private set; }

    internal override Memory<byte> GetMemory()
    {
        _direct = _hot && Room > 0;
        if (!_direct)
        {
            return base.GetMemory();
        }

        if (_segments.Count == 0 || _segments[^1].Free.Length < Hot)
        {
            AddSegment(Math.Clamp(_kept, 2 * BlockSize, LargestSegment));
        }

        var free = _segments[^1].Free;
        return free.Length > Room ? free[..(int)Room] : free;
    }

    internal override ValueTask CommitAsync(int count, CancellationToken cancellationToken)
    {
        Commit(count);
        return default;
    }

    internal override ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Total += bytes.Length;
        Append(bytes.Span);
        return default;
    }

    /// <summary>So many bytes were read into <see cref="GetMemory"/>'s.</summary>
    /// <exception cref="CaptureLimitException">Too many.</exception>
    internal void Commit(int count)
    {
        Total += count;
        if (_direct)
        {
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_segments)[^1].Count += count;
            _kept += count;
            DropTheOldest();
        }
        else
        {
            Append(base.GetMemory().Span[..count]);
        }

        _hot = count >= Hot;
    }

    internal CapturedOutput ToOutput()
    {
        LetGoOfMemory();
        var surplus = (int)Math.Max(0, _kept - options.Limit);
        var pieces = new List<ReadOnlyMemory<byte>>(_segments.Count);
        foreach (var segment in _segments)
        {
            pieces.Add(segment.Array.AsMemory(0, segment.Count)[surplus..]);
            surplus = 0;
        }

        return new CapturedOutput(pieces, Total, options);
    }

    // Of what comes next, how much may be kept. The tail is cut when it is known where it ends.
    private long Room => options.Overflow == CaptureOverflow.Tail ? long.MaxValue : options.Limit - _kept;

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Room)
        {
            if (options.Overflow == CaptureOverflow.Error)
            {
                throw new CaptureLimitException(program, stream, options.Limit);
            }

            bytes = bytes[..(int)Room];
        }

        _kept += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (_segments.Count == 0 || _segments[^1].Free.Length == 0)
            {
                // The first one fits exactly: a short output, which most are, is not copied again.
                AddSegment(Math.Max(bytes.Length, Math.Min(_kept, LargestSegment)));
            }

            ref var last = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_segments)[^1];
            var count = Math.Min(bytes.Length, last.Free.Length);
            bytes[..count].CopyTo(last.Free.Span);
            last.Count += count;
            bytes = bytes[count..];
        }

        DropTheOldest();
    }

    // At most one segment more than the limit stays.
    private void DropTheOldest()
    {
        while (
            options.Overflow == CaptureOverflow.Tail
            && _segments.Count > 1
            && _kept - _segments[0].Count >= options.Limit
        )
        {
            _kept -= _segments[0].Count;
            _segments.RemoveAt(0);
        }
    }

    private void AddSegment(long size) =>
        _segments.Add(new Segment { Array = GC.AllocateUninitializedArray<byte>((int)size) });
}
