using System.Runtime.CompilerServices;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Any of many, all of many, and nothing left behind in those that run on.</summary>
public class WaitAnyTests
{
    private const int Many = 10_000;

    [Fact]
    public async Task Null_among_them_is_refused_by_name()
    {
        using var child = new Command("true").Start();
        ChildProcess[] children = [child, null!];
        Assert.Throws<ArgumentException>("children", () => ChildProcess.WaitAny(children));
        Assert.Throws<ArgumentException>("children", () => ChildProcess.WaitAny(children, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>("children", () => ChildProcess.WaitAnyAsync(children));
        await Assert.ThrowsAsync<ArgumentException>("children", () => ChildProcess.WaitAllAsync(children));
        Assert.Throws<ArgumentOutOfRangeException>(() => child.GetOutput(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => child.GetInput(-1));
    }

    [Fact]
    public async Task The_first_to_end_is_told_of_many()
    {
        var children = Enumerable.Range(0, 20).Select(i => new HeldChild(i)).ToList();
        var processes = children.ConvertAll(c => c.Process);
        var any = ChildProcess.WaitAnyAsync(processes);
        var blocking = Task.Factory.StartNew(() => ChildProcess.WaitAny(processes), TaskCreationOptions.LongRunning);
        Assert.Null(ChildProcess.WaitAny(processes, TimeSpan.FromMilliseconds(20)));
        Assert.False(any.IsCompleted);
        children[13].LetGo();
        Assert.Same(processes[13], await any);
        Assert.Same(processes[13], await blocking);
        Assert.Equal(13, (await any).ExitStatus!.Code);
        Assert.Same(processes[13], ChildProcess.WaitAny(processes, TimeSpan.Zero));
        children.ForEach(c => c.LetGo());
        var all = await ChildProcess.WaitAllAsync(processes);
        Assert.Equal(Enumerable.Range(0, 20), all.Select(s => s.Code!.Value));
        children.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Waiting_for_nobody_is_refused_for_any_and_over_at_once_for_all()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ChildProcess.WaitAnyAsync([]));
        Assert.Throws<ArgumentException>(() => ChildProcess.WaitAny([]));
        Assert.Empty(await ChildProcess.WaitAllAsync([]));
    }

    [Fact]
    public async Task Cancelling_stops_the_waiting_and_not_the_processes()
    {
        using var child = new HeldChild(2);
        using var cancel = new CancellationTokenSource();
        var any = ChildProcess.WaitAnyAsync([child.Process], cancel.Token);
        var all = ChildProcess.WaitAllAsync([child.Process], cancel.Token);
        var blocking = Task.Factory.StartNew(
            () => ChildProcess.WaitAny([child.Process], cancel.Token),
            TaskCreationOptions.LongRunning
        );
        await cancel.CancelAsync();
        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => any);
        Assert.Equal(cancel.Token, e.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocking);
        Assert.Throws<OperationCanceledException>(() => ChildProcess.WaitAny([child.Process], cancel.Token));
        Assert.False(child.Process.HasExited);
    }

    [Fact]
    public async Task Ten_thousand_waits_on_a_child_that_lives_on_leave_memory_flat()
    {
        using var living = new HeldChild(0);
        await WaitAsync(living.Process, 500);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await WaitAsync(living.Process, Many);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        // A registration kept would be 100 bytes and more for each of 30,000 waits.
        Assert.InRange(after - before, long.MinValue, 256 * 1024);
        GC.KeepAlive(living);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task WaitAsync(ChildProcess child, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Null(ChildProcess.WaitAny([child], TimeSpan.Zero));
            using var cancel = new CancellationTokenSource();
            var any = ChildProcess.WaitAnyAsync([child], cancel.Token);
            var all = ChildProcess.WaitAllAsync([child], cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => any);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => all);
        }
    }
}
