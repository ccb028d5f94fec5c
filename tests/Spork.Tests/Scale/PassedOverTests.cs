using System.Runtime.CompilerServices;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>
/// A start that asks whether its child has let go, while somebody else's ring concludes it and gives the memory back.
/// </summary>
/// <remarks>
/// The moment is a few instructions long and cannot be met by starting often, so the test holds both sides of it by hand,
/// at the private members that the two threads go through. Tried both ways round: without the lock the first assertion
/// fails; without the look at whether it is concluded an AccessViolationException in HasLetGo ends the process.
/// </remarks>
public class PassedOverTests
{
    [Fact]
    public async Task Whoever_asks_whether_a_child_has_let_go_does_not_read_memory_that_was_given_back()
    {
        Assert.SkipWhen(
            SpawnLadder.Rung == Rung.PosixSpawn,
            "NOT TESTED: a start concluded while it is looked at. This rung shares no memory."
        );
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        // So many arguments that the memory is not kept for the next start but unmapped.
        var command = new Command("/bin/true", new string('x', 100_000)).WithStandardInput(Stdio.Read(fifo));
        var operation = StartOperation.Launch(command, new StartMode(Asynchronous: true, false, SpawnLadder.Rung));
        ConcludeWhileAsked(operation, fifo);
        using var child = await operation.Completion;
        Assert.Equal(0, (await child.WaitAsync(CancellationToken.None)).Code);
    }

    private static void ConcludeWhileAsked(StartOperation operation, string fifo)
    {
        var answered = false;
        var asker = new Thread(() =>
        {
            RingIfPassedOver(operation);
            Volatile.Write(ref answered, true);
        })
        {
            IsBackground = true,
            Name = "asker",
        };
        lock (LockOf(operation))
        {
            // Goes on to exec now. Neither the waiter nor the reactor can conclude it: we have the lock.
            File.WriteAllText(fifo, "");
            Waiting.For(() => operation.HasLetGo, "the child to let go");
            asker.Start();
            Waiting.For(
                () => asker.ThreadState.HasFlag(ThreadState.WaitSleepJoin) || Volatile.Read(ref answered),
                "the other thread to stand at the lock"
            );
            Assert.False(answered, "It looked although another thread was about to conclude the start.");
            operation.OnLetGo();
        }

        asker.Join();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lock")]
    private static extern ref Lock LockOf(StartOperation operation);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RingIfPassedOver")]
    private static extern void RingIfPassedOver(StartOperation operation);
}
