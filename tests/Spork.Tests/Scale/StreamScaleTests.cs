using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>Many pipes at once: nothing of one in another, no thread for any, memory that their number bounds.</summary>
public sealed class StreamScaleTests(ITestOutputHelper output)
{
    private const int Many = 2000;

    // As much as a pipe holds: what a relay may have read and not yet handed over.
    private const int Block = 64 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [Deadline(180)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thousand_captures_at_once_are_exact_to_the_byte(bool synchronous)
    {
        const int Count = 1000;
        await Once(8);
        var before = ProcessCounts.TakeBaseline();
        await Once(Count);
        Leftovers.AssertNothingLeftSoon(before);

        Task Once(int count) =>
            synchronous
                ? OnThreadsAsync(count, i => Exact(i, Echo(i).Capture(cancellationToken: Token)))
                : Task.WhenAll(
                    Enumerable
                        .Range(0, count)
                        .Select(async i => Exact(i, await Echo(i).CaptureAsync(cancellationToken: Token)))
                );

        // Both outputs, so that one that strays into the other is seen as well.
        static Command Echo(int i) =>
            new Command("tee", "/proc/self/fd/2").WithStandardInput(Stdio.FromBytes(Bytes(i)));

        static void Exact(int i, CommandOutput output)
        {
            Assert.True(output.Status.IsSuccess);
            var expected = Bytes(i);
            Assert.True(output.StandardOutput.Bytes.Span.SequenceEqual(expected), $"{i}: standard output");
            Assert.True(output.StandardError.Bytes.Span.SequenceEqual(expected), $"{i}: standard error");
        }

        // Around the capacity of a pipe, where the joints are.
        static byte[] Bytes(int i)
        {
            var random = new Random(i);
            var bytes = new byte[random.Next(2 * Block)];
            random.NextBytes(bytes);
            return bytes;
        }
    }

    [Fact]
    [Deadline(120)]
    public async Task Yes_into_head_hundreds_of_times_ends_each_time_and_leaves_nothing()
    {
        var pipeline = new Command("yes") | new Command("head", "-n", "20000");
        var expected = string.Concat(Enumerable.Repeat("y\n", 20000));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Once()));
        var before = ProcessCounts.TakeBaseline();
        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Once()));
        }

        Leftovers.AssertNothingLeftSoon(before, 300);

        async Task Once()
        {
            var result = await pipeline.CaptureAsync(cancellationToken: Token);
            Assert.Equal(Signal.SIGPIPE, result.EnsureSuccess().Status.Statuses[0].Signal);
            Assert.Equal(expected, result.StandardOutput.Text);
        }
    }

    /// <summary>
    /// Half of the children write for ever to a consumer that takes a block each time it is let; the others write for ever
    /// to nobody. See PipeTests for children with readers that wait, CaptureTests for captures.
    /// </summary>
    [Fact]
    [Deadline(180)]
    public async Task Two_thousand_writers_with_slow_consumers_or_none_need_no_threads_and_a_block_each_at_most()
    {
        const int many = Many;
        SkipUnlessTheyFit();
        var slow = new SlowConsumer();
        var consumed = new Command("yes").WithStandardOutput(Stdio.ToConsumer(slow.ConsumeAsync));
        var unread = new Command("yes").WithStandardOutput(Stdio.Pipe);
        await KillAllAsync([consumed.Start(Token), unread.Start(Token)]);
        slow.Reset();

        var before = ProcessCounts.TakeBaseline();
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        var resident = Resident();
        var children = new List<ChildProcess>();
        for (var i = 0; i < many; i++)
        {
            children.Add((i % 2 == 0 ? consumed : unread).Start(Token));
        }

        for (var step = 1; step <= 3; step++)
        {
            var calls = step * (long)(many / 2);
            Waiting.For(() => slow.Calls >= calls, $"{calls} blocks");
            var used = GC.GetTotalMemory(forceFullCollection: true) - memory;
            var grown = Resident() - resident;
            output.WriteLine(
                $"{many} children, step {step}: {used >> 10} KiB, {grown >> 10} KiB resident, {slow.Calls} blocks"
            );
            Assert.InRange(used, long.MinValue, (many / 2 * Block) + (many * 10_000L));
            // Not the managed heap alone; twice that, because the collector keeps what it has emptied.
            Assert.InRange(grown, long.MinValue, 2 * ((many / 2 * Block) + (many * 10_000L)));
            // Nobody got a second block while the first was in its hands.
            Assert.Equal(calls, slow.Calls);
            Leftovers.AssertNoNewThreadsSoon(before);
            slow.Step();
        }

        await KillAllAsync(children);
        Leftovers.AssertNothingLeftSoon(before, many);

        async Task KillAllAsync(List<ChildProcess> all)
        {
            foreach (var child in all)
            {
                child.Kill();
            }

            slow.LetGo();
            foreach (var child in all)
            {
                await child.WaitAsync(Token);
                await child.StreamsEnded.WaitAsync(Token);
                child.Dispose();
            }
        }
    }

    // A pipe and a pidfd each; .NET has raised the soft limit of open files already.
    private static void SkipUnlessTheyFit()
    {
        var line = File.ReadLines("/proc/self/limits")
            .First(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var word = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        var limit = word == "unlimited" ? long.MaxValue : long.Parse(word);
        Assert.SkipUnless(
            limit >= (3 * Many) + 300,
            $"NOT TESTED: {Many} children with pipes at once. RLIMIT_NOFILE allows {limit}."
        );
    }

    private static long Resident()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
    }

    private static async Task OnThreadsAsync(int count, Action<int> action)
    {
        var next = -1;
        var threads = Enumerable
            .Range(0, 16)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                        {
                            action(i);
                        }
                    },
                    TaskCreationOptions.LongRunning
                )
            );
        await Task.WhenAll(threads);
    }

    /// <summary>Takes one block from each writer at each step.</summary>
    private sealed class SlowConsumer
    {
        private TaskCompletionSource _step = New();
        private long _calls;
        private volatile bool _letGo;

        public long Calls => Volatile.Read(ref _calls);

        public ValueTask ConsumeAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            // Read before it is counted: a step may follow the count at once.
            var step = Volatile.Read(ref _step).Task;
            Interlocked.Increment(ref _calls);
            return _letGo ? default : new ValueTask(step.WaitAsync(cancellationToken));
        }

        public void Step() => Interlocked.Exchange(ref _step, New()).SetResult();

        public void LetGo()
        {
            _letGo = true;
            Step();
        }

        public void Reset()
        {
            _letGo = false;
            _calls = 0;
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
