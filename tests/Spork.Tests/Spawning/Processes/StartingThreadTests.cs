using Spork.Tests.Scale;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>The thread that starts a program, while the child is still on its way to exec.</summary>
public class StartingThreadTests
{
    [Fact]
    public void Its_signals_are_blocked_round_the_clone_only_and_it_holds_up_no_collection()
    {
        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn",
            "NOT TESTED: the starting thread's mask. Here it is libc's posix_spawn that waits for exec."
        );
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        Assert.True(new Command("/bin/true").Run().IsSuccess);
        var children = ChildEntry.ListOwn().Select(c => c.Id).ToHashSet();
        var (task, before) = ("", "");
        ExitStatus? status = null;
        var thread = new Thread(() =>
        {
            // A mask that is neither empty nor full: it must be this very one.
            ThreadMask.Block(Signal.SIGUSR2);
            task = $"/proc/{new FileInfo("/proc/thread-self").LinkTarget}";
            before = MaskOf(task);
            using var child = new Command("/bin/true").WithStandardInput(Stdio.Read(fifo)).Start();
            status = child.Wait();
        })
        {
            Name = "starter",
        };
        thread.Start();
        int[] born = [];
        SpinWait.SpinUntil(() => (born = BornSince(children)).Length > 0);
        BlockedStarts.WaitUntilBlocked(Assert.Single(born));

        var mask = MaskOf(task);
        GC.Collect();
        var waits = thread.IsAlive && status is null;
        // The child goes on, whatever was found.
        new FileStream(fifo, FileMode.Open, FileAccess.Write).Dispose();
        thread.Join();

        Assert.Equal(before, mask);
        Assert.NotEqual("SigBlk:\t0000000000000000", mask);
        Assert.True(waits, "the child was not on its way any more");
        Assert.True(status!.IsSuccess);
    }

    private static int[] BornSince(HashSet<int> children) =>
        [
            .. ChildEntry
                .ListOwn()
                .Select(c => c.Id)
                .Where(id => !children.Contains(id) && OtherProcess.IsOurProgram(id)),
        ];

    private static string MaskOf(string task) =>
        File.ReadLines($"{task}/status").First(l => l.StartsWith("SigBlk:", StringComparison.Ordinal));
}
