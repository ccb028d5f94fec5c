using Spork.Spawning;

namespace Spork.Tests.Spawning.Streams;

/// <summary>Our end of a pipe, watched by the reactor.</summary>
public sealed class AsyncDescriptorTests : IDisposable
{
    private readonly AsyncDescriptor _reader;
    private readonly AsyncDescriptor _writer;

    public AsyncDescriptorTests()
    {
        var pipe = PipePair.Create();
        _reader = AsyncDescriptor.Own(pipe.ReadEnd);
        _writer = AsyncDescriptor.Own(pipe.WriteEnd);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    [Fact]
    public async Task A_read_waits_until_something_is_written()
    {
        var buffer = new byte[16];
        var read = _reader.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask();
        Assert.False(read.IsCompleted);
        Assert.Equal(3, _writer.TryWrite("abc"u8));
        Assert.Equal(3, await read);
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
    }

    [Fact]
    public async Task A_read_ends_when_the_other_end_is_closed()
    {
        var read = _reader.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        _writer.Dispose();
        Assert.Equal(0, await read);
    }

    [Fact]
    public async Task A_write_waits_for_room_and_fails_when_nobody_can_read_any_more()
    {
        while (_writer.TryWrite(new byte[4096]) > 0) { }

        var write = _writer.WriteAsync(new byte[4096], TestContext.Current.CancellationToken).AsTask();
        Assert.False(write.IsCompleted);
        Assert.Equal(65536, _reader.TryRead(new byte[65536]));
        Assert.Equal(4096, await write);

        while (_writer.TryWrite(new byte[4096]) > 0) { }

        write = _writer.WriteAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        _reader.Dispose();
        Assert.Equal(-Errno.EPIPE.Value, await write);
    }

    [Fact]
    public async Task A_cancelled_read_leaves_the_descriptor_usable()
    {
        using var cancellation = new CancellationTokenSource();
        var read = _reader.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _reader.ReadAsync(new byte[1], cancellation.Token).AsTask()
        );

        Assert.Equal(1, _writer.TryWrite("x"u8));
        Assert.Equal(1, await _reader.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Closing_wakes_a_waiting_read_both_asynchronous_and_blocking()
    {
        var read = _reader.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        _reader.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read);

        while (_writer.TryWrite(new byte[4096]) > 0) { }

        // The reader is gone: EPIPE at once. A pipe that is full with a reader is what blocks.
        var pipe = PipePair.Create();
        using var keptOpen = pipe.ReadEnd;
        using var full = AsyncDescriptor.Own(pipe.WriteEnd);
        while (full.TryWrite(new byte[4096]) > 0) { }

        var blocked = Task.Factory.StartNew(
            () => full.Write(new byte[1]),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(blocked.IsCompleted);
        full.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => blocked);
    }

    [Fact]
    public async Task A_second_reader_is_refused_while_the_first_waits()
    {
        var first = _reader.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _reader.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask()
        );
        _writer.TryWrite("x"u8);
        Assert.Equal(1, await first);
    }

    [Fact]
    public async Task No_byte_and_no_wakeup_is_lost_in_a_million_small_hand_overs()
    {
        const int total = 1_000_000;
        var token = TestContext.Current.CancellationToken;
        var writing = Task.Run(
            async () =>
            {
                var sent = 0;
                while (sent < total)
                {
                    var chunk = Enumerable.Range(sent, Math.Min(997, total - sent)).Select(i => (byte)i).ToArray();
                    var written = 0;
                    while (written < chunk.Length)
                    {
                        written += await _writer.WriteAsync(chunk.AsMemory(written), token);
                    }

                    sent += chunk.Length;
                }

                _writer.Dispose();
            },
            token
        );
        var buffer = new byte[501];
        var seen = 0;
        for (int count; (count = await _reader.ReadAsync(buffer, token)) > 0; )
        {
            for (var i = 0; i < count; i++)
            {
                Assert.Equal((byte)seen, buffer[i]);
                seen++;
            }
        }

        await writing;
        Assert.Equal(total, seen);
    }
}
