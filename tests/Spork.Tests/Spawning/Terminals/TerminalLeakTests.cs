using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Terminals;

/// <summary>A terminal leaves nothing behind, and a hundred at once need no more threads than one.</summary>
public class TerminalLeakTests
{
    private const int Many = 200;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Programs_at_terminals_leave_nothing_behind() =>
        AssertLeavesNothingAsync(async () =>
        {
            using var child = new Command("/bin/echo", "words").StartInTerminal();
            Assert.Equal("words\r\n", await new Screen(child.Terminal!).ReadToEndAsync());
            await child.WaitAsync(Token);
        });

    [Fact]
    public Task Terminals_never_used_leave_nothing_behind() =>
        AssertLeavesNothingAsync(() =>
        {
            PseudoTerminal.Open().Dispose();
            return Task.CompletedTask;
        });

    [Fact]
    public Task Starts_that_fail_at_a_terminal_leave_nothing_behind() =>
        AssertLeavesNothingAsync(async () =>
        {
            Assert.Throws<SpawnException>(() => new Command("/no/such/program").StartInTerminal());
            await Assert.ThrowsAsync<SpawnException>(async () =>
                await new Command("/no/such/program").StartInTerminalAsync(cancellationToken: Token)
            );
        });

    [Fact]
    public Task Programs_hung_up_leave_nothing_behind() =>
        AssertLeavesNothingAsync(async () =>
        {
            // Not a program that reads: pty_close (drivers/tty/pty.c) wakes the readers, with EIO, before it hangs up, and
            // cat has sometimes ended by then.
            var child = new Command("sleep", "1000").StartInTerminal();
            var read = child.Terminal!.Stream.ReadAsync(new byte[1], Token).AsTask();
            var ended = child.WaitAsync(Token);
            child.Dispose();
            await Assert.ThrowsAsync<ObjectDisposedException>(() => read);
            Assert.Equal(Signal.SIGHUP, (await ended).Signal);
        });

    [Fact]
    public void Terminals_that_were_read_and_forgotten_are_closed_by_the_collector()
    {
        var before = Leftovers.BeforeForgetting();
        for (var i = 0; i < 20; i++)
        {
            Forget();
        }

        Leftovers.WaitUntilForgottenIsClosed(before);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget()
        {
            // A read that found nothing, so that the reactor knows the terminal.
            var terminal = PseudoTerminal.Open();
            using var cancellation = new CancellationTokenSource();
            var read = terminal.Stream.ReadAsync(new byte[1], cancellation.Token).AsTask();
            cancellation.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => read.GetAwaiter().GetResult());
        }
    }

    [Fact]
    public async Task A_hundred_terminals_at_once_need_no_more_threads_than_one()
    {
        using (var first = await new Command("cat").StartInTerminalAsync(cancellationToken: Token))
        {
            await new Screen(first.Terminal!).TypeAsync("x\n");
            await new Screen(first.Terminal!).WaitForAsync("x\r\nx\r\n");
            await new Screen(first.Terminal!).TypeAsync("\x04");
            await first.WaitAsync(Token);
        }

        var before = ProcessCounts.TakeBaseline();
        var children = new List<ChildProcess>();
        for (var i = 0; i < 100; i++)
        {
            children.Add(await new Command("cat").StartInTerminalAsync(cancellationToken: Token));
        }

        // All wait at once; then all are answered.
        var screens = children.ConvertAll(child => new Screen(child.Terminal!));
        var shown = screens.Select((screen, i) => screen.WaitForAsync($"line {i}\r\nline {i}\r\n")).ToArray();
        Assert.All(shown, task => Assert.False(task.IsCompleted));
        Leftovers.AssertNoNewThreadsSoon(before);
        await Task.WhenAll(screens.Select((screen, i) => screen.TypeAsync($"line {i}\n")));
        await Task.WhenAll(shown);
        Assert.Equal(100, children.Select(child => child.Terminal!.Name).Distinct(StringComparer.Ordinal).Count());
        foreach (var (child, screen) in children.Zip(screens))
        {
            await screen.TypeAsync("\x04");
            Assert.True((await child.WaitAsync(Token)).IsSuccess);
            child.Dispose();
        }

        Leftovers.AssertNothingLeftSoon(before, 100);
    }

    private static async Task AssertLeavesNothingAsync(Func<Task> operation)
    {
        for (var i = 0; i < 5; i++)
        {
            await operation();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < Many; i++)
        {
            await operation();
        }

        Leftovers.AssertNothingLeftSoon(before, Many);
    }
}
