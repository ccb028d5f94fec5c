using System.Runtime.CompilerServices;

namespace Spork.Tests.Scale;

/// <summary>A start works wherever the runtime lets code run.</summary>
public sealed class StartingPlaceTests(NoOpProgram noOp) : IClassFixture<NoOpProgram>
{
    private static NoOpProgram? s_noOp;

    [Fact]
    public void From_a_finalizer()
    {
        var box = new StrongBox<int?>();
        LeaveGarbage(noOp, box);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(77, box.Value);
    }

    [Fact]
    public void From_a_static_constructor()
    {
        s_noOp = noOp;
        Assert.Equal([77, 77], InStaticConstructor.Codes);
    }

    [Fact]
    public void From_within_a_lock_that_another_thread_waits_for()
    {
        var held = new Lock();
        using var inside = new ManualResetEventSlim();
        Thread other;
        lock (held)
        {
            other = new Thread(() =>
            {
                inside.Set();
                lock (held) { }
            })
            {
                IsBackground = true,
            };
            other.Start();
            inside.Wait(TestContext.Current.CancellationToken);
            Assert.Equal(77, noOp.Exiting(77).Run(TestContext.Current.CancellationToken).Code);
            Assert.Equal(77, RunAsynchronously(noOp));
        }

        other.Join();
    }

    [Fact]
    public async Task From_a_timer_s_callback()
    {
        var ended = new TaskCompletionSource<int?>();
        await using var timer = new Timer(
            _ => ended.TrySetResult(noOp.Exiting(77).Run().Code),
            null,
            1,
            Timeout.Infinite
        );
        Assert.Equal(77, await ended.Task);
    }

    [Fact]
    public void From_a_thread_with_the_smallest_stack()
    {
        int? code = null;
        var thread = new Thread(() => code = noOp.Exiting(77).Run().Code, maxStackSize: 128 * 1024)
        {
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        Assert.Equal(77, code);
    }

    [Fact]
    public async Task From_the_continuation_of_another_start()
    {
        var started = await noOp
            .Command.StartAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .ContinueWith(
                first =>
                {
                    first.Result.Dispose();
                    return noOp.Exiting(77).Run().Code;
                },
                TestContext.Current.CancellationToken,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        Assert.Equal(77, started);
    }

    private static int? RunAsynchronously(NoOpProgram noOp) =>
        noOp.Exiting(77).RunAsync().GetAwaiter().GetResult().Code;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveGarbage(NoOpProgram noOp, StrongBox<int?> box) => _ = new Finalized(noOp, box);

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "MA0055", Justification = "It is what is tested.")]
    private sealed class Finalized(NoOpProgram noOp, StrongBox<int?> box)
    {
        ~Finalized() => box.Value = noOp.Exiting(77).Run().Code;
    }

    private static class InStaticConstructor
    {
        public static readonly int?[] Codes = [s_noOp!.Exiting(77).Run().Code, RunAsynchronously(s_noOp!)];
    }
}
