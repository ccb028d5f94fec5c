using System.Runtime.InteropServices;
using Spork.Spawning;

namespace Spork.Tests.Spawning;

/// <summary>Starts on the lowest rung, which park a pool thread and are given up by their caller.</summary>
public class AbandonedStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_it_was_given_stays_open_until_it_is_over()
    {
        using var cancellation = new CancellationTokenSource();
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        using var given = new Witness();
        var start = PosixSpawn.StartAsync(
            () =>
            {
                begun.Set();
                goOn.Wait(Token);
                throw new InvalidOperationException("No child today.");
            },
            [given],
            cancellation.Token
        );
        begun.Wait(Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        given.Dispose();
        Assert.False(given.Released.IsCompleted);
        goOn.Set();
        await given.Released.WaitAsync(Token);
    }

    [Fact]
    public async Task Cancelled_before_it_begins_it_does_not_begin()
    {
        using var given = new Witness();
        var begun = false;
        var start = PosixSpawn.StartAsync(
            () =>
            {
                begun = true;
                throw new InvalidOperationException("It began.");
            },
            [given],
            new CancellationToken(canceled: true)
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        given.Dispose();
        await given.Released.WaitAsync(Token);
        Assert.False(begun);
    }

    private sealed class Witness : SafeHandle
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Witness()
            : base(-1, ownsHandle: true) => SetHandle(0);

        public Task Released => _released.Task;

        public override bool IsInvalid => false;

        protected override bool ReleaseHandle() => _released.TrySetResult();
    }
}
