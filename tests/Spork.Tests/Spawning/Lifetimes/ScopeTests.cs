using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Nothing that was started in a scope outlives it, however it is left.</summary>
public class ScopeTests
{
    private const string Deaf = "trap '' TERM; echo >&9; while :; do sleep 1000 & wait $!; done";

    private static readonly ProcessScopeOptions Hasty = new()
    {
        Stop = new() { Grace = TimeSpan.FromMilliseconds(50), Reach = StopReach.Tree },
    };

    [Fact]
    public async Task At_its_end_all_are_stopped_and_reaped()
    {
        using var witness = new TreeWitness();
        var children = new List<ChildProcess>();
        await using (var scope = new ProcessScope(Hasty))
        {
            children.Add(scope.Start(witness.Shell(Deaf)));
            children.Add(await scope.StartAsync(witness.Shell("echo >&9; exec sleep 1000")));
            witness.WaitForLines(2);
            Assert.Equal(2, scope.Children.Count);
        }

        Assert.All(children, c => Assert.True(c.HasExited));
        Assert.Equal(Signal.SIGKILL, children[0].ExitStatus!.Signal);
        Assert.Equal(Signal.SIGTERM, children[1].ExitStatus!.Signal);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task At_an_exception_too()
    {
        using var witness = new TreeWitness();
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await using var scope = new ProcessScope(Hasty);
            scope.Start(witness.Shell(Deaf));
            witness.WaitForLines(1);
            throw new InvalidDataException();
        });
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task What_throws_on_its_Stopping_token_keeps_nobody_alive_and_is_thrown_afterwards()
    {
        var scope = new ProcessScope();
        using var registration = scope.Stopping.Register(() => throw new InvalidOperationException("the caller's"));
        var child = scope.Start(new Command("sleep", "1000").WithStandardInput(Stdio.Null));
        var thrown = await Assert.ThrowsAnyAsync<Exception>(async () => await scope.DisposeAsync());
        Assert.Contains("the caller's", thrown.ToString(), StringComparison.Ordinal);
        Assert.Empty(scope.Children);
        Assert.Equal(Signal.SIGTERM, (await child.WaitAsync()).Signal);
    }

    [Fact]
    public async Task Nobody_lives_on_while_something_on_its_Stopping_token_takes_its_time()
    {
        var scope = new ProcessScope();
        using var gone = new ManualResetEventSlim();
        using var registration = scope.Stopping.Register(gone.Wait);
        var child = scope.Start(new Command("sleep", "1000").WithStandardInput(Stdio.Null));
        var end = child.WaitAsync();
        var stopped = scope.StopAsync();
        Assert.Equal(Signal.SIGTERM, (await end).Signal);
        gone.Set();
        await stopped;
    }

    [Fact]
    public void A_scope_may_end_synchronously()
    {
        using var witness = new TreeWitness();
        using (var scope = new ProcessScope(Hasty))
        {
            scope.Start(witness.Shell(Deaf));
            witness.WaitForLines(1);
            scope.Dispose();
        }

        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_cancelled_scope_stops_them_and_starts_nothing_more()
    {
        using var witness = new TreeWitness();
        using var cancel = new CancellationTokenSource();
        await using var scope = new ProcessScope(Hasty, cancel.Token);
        scope.Start(witness.Shell(Deaf));
        witness.WaitForLines(1);
        await cancel.CancelAsync();
        await scope.WaitAllAsync();
        witness.WaitUntilAllAreGone();
        Assert.True(scope.Stopping.IsCancellationRequested);
        Assert.Throws<ObjectDisposedException>(() => scope.Start(new Command("true")));
    }

    [Fact]
    public async Task A_start_that_is_under_way_does_not_slip_through()
    {
        using var directory = new TempDirectory();
        var fifo = Fifo.Create(directory["fifo"]);
        var before = ChildEntry.ListOwn();
        var scope = new ProcessScope();
        var start = scope.StartAsync(new Command("sleep", "1000").WithStandardInput(Stdio.Read(fifo))).AsTask();
        var child = OtherProcess.NewChildIn(OtherProcess.OpenAt, before);
        Assert.False(start.IsCompleted);
        await scope.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => start);
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task Starts_racing_with_its_end_leave_nobody()
    {
        for (var i = 0; i < 50; i++)
        {
            using var witness = new TreeWitness();
            var command = witness.Watch(new Command("sleep", "1000"));
            var scope = new ProcessScope();
            var starts = Enumerable
                .Range(0, 4)
                .Select(n =>
                    Task.Run(async () =>
                    {
                        try
                        {
                            _ = n % 2 == 0 ? scope.Start(command) : await scope.StartAsync(command);
                        }
                        catch (ObjectDisposedException)
                        {
                            // It was over before.
                        }
                    })
                )
                .ToArray();
            await scope.DisposeAsync();
            await Task.WhenAll(starts);
            witness.WaitUntilAllAreGone();
        }
    }

    [Fact]
    public async Task The_first_failure_stops_the_others_if_asked()
    {
        using var witness = new TreeWitness();
        await using var scope = new ProcessScope(Hasty with { StopOnFailure = true });
        scope.Start(witness.Shell(Deaf));
        scope.Start(witness.Watch(new Command("true")));
        witness.WaitForLines(1);
        var failing = scope.Start(new Command("sh", "-c", "exit 9"));
        Assert.Same(failing, await scope.WaitAllAsync());
        Assert.Equal(9, scope.FirstFailure!.ExitStatus!.Code);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task Without_being_asked_a_failure_is_only_told()
    {
        await using var scope = new ProcessScope();
        using var held = new HeldChild(0);
        var living = scope.Start(new Command("sleep", "1000").WithStandardInput(Stdio.Null));
        var failing = scope.Start(new Command("false"));
        await failing.WaitAsync();
        Waiting.For(() => scope.FirstFailure is not null, "the failure to be noted");
        Assert.Same(failing, scope.FirstFailure);
        Assert.False(living.HasExited);
        Assert.False(scope.Stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task All_that_ends_well_is_no_failure_and_is_not_kept()
    {
        await using var scope = new ProcessScope();
        for (var i = 0; i < 10; i++)
        {
            await scope.StartAsync(new Command("true"));
        }

        Assert.Null(await scope.WaitAllAsync());
        Waiting.For(() => scope.Children.Count == 0, "ended children to be let go");
    }

    [Fact]
    public async Task A_scope_within_a_scope_ends_with_it()
    {
        using var witness = new TreeWitness();
        ProcessScope inner;
        await using (var outer = new ProcessScope(Hasty))
        {
            inner = outer.CreateScope();
            inner.Start(witness.Shell(Deaf));
            witness.WaitForLines(1);
            await using (var brief = outer.CreateScope(new ProcessScopeOptions()))
            {
                brief.Start(witness.Shell("exec sleep 1000"));
            }
        }

        witness.WaitUntilAllAreGone();
        Assert.Throws<ObjectDisposedException>(() => inner.Start(new Command("true")));
        await inner.DisposeAsync();
    }

    [Theory]
    [InlineData("scope-and-die")]
    [InlineData("scope-async-and-die")]
    public void If_this_process_is_killed_the_kernel_kills_them(string verb)
    {
        using var witness = new TreeWitness();
        var helper = witness.Watch(
            new Command(DummyProgram.Executable, "spork", verb, "descriptor", "9:9", "--", "sleep", "1000")
        );
        Assert.Equal(Signal.SIGKILL, helper.WithStandardOutput(Stdio.Null).Run().Signal);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public void What_cannot_end_with_a_scope_is_refused()
    {
        using var scope = new ProcessScope();
        var e = Assert.Throws<InvalidOperationException>(() => scope.Start(new Command("true").WithDetached()));
        Assert.Contains("detached", e.Message, StringComparison.Ordinal);
        using var group = new ProcessScope(new() { Stop = new() { Reach = StopReach.ProcessGroup } });
        Assert.Throws<InvalidOperationException>(() => group.Start(new Command("true")));
        Assert.True(group.Start(new Command("true").WithProcessGroup()).Wait().IsSuccess);
    }

    [Fact]
    public async Task A_start_that_fails_in_a_scope_says_what_it_always_says()
    {
        await using var scope = new ProcessScope();
        var e = Assert.Throws<SpawnException>(() => scope.Start(new Command("/no/such/program")));
        Assert.True(e.ProgramNotFound);
        Assert.Empty(scope.Children);
    }

    [Fact]
    public async Task Scopes_leave_nothing_behind()
    {
        await UseAsync();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 20; i++)
        {
            await UseAsync();
        }

        Leftovers.AssertNothingLeftSoon(before, 20);

        static async Task UseAsync()
        {
            await using var scope = new ProcessScope(Hasty);
            scope.Start(new Command("sleep", "1000").WithStandardInput(Stdio.Null));
            scope.Start(new Command("true"));
        }
    }
}
