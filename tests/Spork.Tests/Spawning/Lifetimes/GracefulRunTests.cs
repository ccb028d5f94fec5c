using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Runs that are cancelled gracefully, forcefully, or by a timeout.</summary>
public class GracefulRunTests
{
    private static readonly StopOptions Patient = new() { Grace = TimeSpan.FromSeconds(50) };
    private static readonly StopOptions Endless = new() { Grace = Timeout.InfiniteTimeSpan, Reach = StopReach.Tree };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancellation_asks_first_if_the_command_says_so(bool synchronous)
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var cancel = new CancellationTokenSource();
        var command = witness
            .Shell("trap 'echo bye >\"$1\"; exit 3' TERM; echo >&9; while :; do sleep 0.01; done", directory["bye"])
            .WithStop(Patient);
        var run = Run(command, synchronous, twoTokens: false, CancellationToken.None, cancel.Token);
        witness.WaitForLines(1);
        await cancel.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(cancel.Token, e.CancellationToken);
        Assert.Equal("bye\n", File.ReadAllText(directory["bye"]));
        witness.WaitUntilAllAreGone();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_graceful_token_asks_and_the_forceful_one_kills(bool synchronous)
    {
        using var witness = new TreeWitness();
        using var graceful = new CancellationTokenSource();
        using var forceful = new CancellationTokenSource();
        var command = witness.Shell("trap 'echo >&9' TERM; echo >&9; while :; do sleep 0.01; done").WithStop(Endless);
        var run = Run(command, synchronous, twoTokens: true, forceful.Token, graceful.Token);
        witness.WaitForLines(1);
        await graceful.CancelAsync();
        // It was asked, and it did not want to.
        witness.WaitForLines(1);
        Assert.False(run.IsCompleted);
        await forceful.CancelAsync();
        var e = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.Equal(forceful.Token, e.CancellationToken);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task The_forceful_token_alone_asks_nobody()
    {
        using var directory = new TempDirectory();
        using var witness = new TreeWitness();
        using var forceful = new CancellationTokenSource();
        var command = witness
            .Shell("trap 'echo asked >\"$1\"' TERM; echo >&9; while :; do sleep 0.01; done", directory["asked"])
            .WithStop(Endless);
        var run = command.RunAsync(forceful.Token, CancellationToken.None);
        witness.WaitForLines(1);
        await forceful.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        witness.WaitUntilAllAreGone();
        Assert.False(File.Exists(directory["asked"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_is_not_cancelled_has_its_status(bool synchronous)
    {
        using var cancel = new CancellationTokenSource();
        var command = new Command("sh", "-c", "exit 5").WithStop(Patient).WithTimeout(TimeSpan.FromMinutes(1));
        var run = Run(command, synchronous, twoTokens: true, cancel.Token, cancel.Token);
        Assert.Equal(5, (await run).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_timeout_stops_it_gracefully_and_says_so(bool synchronous)
    {
        using var witness = new TreeWitness();
        var clock = new ManualClock();
        var command = clock.For(
            witness.Shell("trap 'exit 4' TERM; echo >&9; while :; do sleep 0.01; done"),
            TimeSpan.FromSeconds(1)
        );
        var run = Run(command, synchronous, twoTokens: false, default, default);
        witness.WaitForLines(1);
        clock.EndAllTime();
        var e = await Assert.ThrowsAsync<CommandTimeoutException>(() => run);
        Assert.Equal((4, TimeSpan.FromSeconds(1)), (e.Status?.Code, e.Timeout));
        Assert.Contains("'sh' took longer than 00:00:01", e.Message, StringComparison.Ordinal);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public async Task A_timeout_ends_a_start_that_blocks()
    {
        using var directory = new TempDirectory();
        var command = new Command("true")
            .WithStandardInput(Stdio.Read(Fifo.Create(directory["fifo"])))
            .WithTimeout(TimeSpan.FromMilliseconds(100));
        Assert.Null((await Assert.ThrowsAsync<CommandTimeoutException>(() => command.RunAsync())).Status);
        Assert.Null(Assert.Throws<CommandTimeoutException>(() => command.Run()).Status);
    }

    [Fact]
    public async Task The_time_counts_from_before_the_start()
    {
        using var directory = new TempDirectory();
        var clock = new ManualClock();
        var blocked = new Command("true").WithStandardInput(Stdio.Read(Fifo.Create(directory["fifo"])));
        var run = clock.For(blocked).RunAsync();
        Assert.True(clock.IsRunning);
        clock.EndAllTime();
        Assert.Null((await Assert.ThrowsAsync<CommandTimeoutException>(() => run)).Status);
    }

    [Fact]
    public void A_timeout_that_is_none_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Command("true").WithTimeout(TimeSpan.Zero));

    [Fact]
    public void An_infinite_timeout_is_none_also_after_another() =>
        Assert.True(
            new Command("sleep", "0.3")
                .WithTimeout(TimeSpan.FromMilliseconds(1))
                .WithTimeout(Timeout.InfiniteTimeSpan)
                .Run()
                .IsSuccess
        );

    [Fact]
    public async Task A_group_that_it_would_not_lead_is_refused_before_it_starts()
    {
        using var directory = new TempDirectory();
        var command = new Command("touch", directory["ran"]).WithStop(new() { Reach = StopReach.ProcessGroup });
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => command.RunAsync());
        Assert.Contains("WithProcessGroup()", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["ran"]));
        Assert.True(command.WithProcessGroup().Run().IsSuccess);
    }

    private static Task<ExitStatus> Run(
        Command command,
        bool synchronous,
        bool twoTokens,
        CancellationToken forceful,
        CancellationToken graceful
    ) =>
        synchronous
            ? Task.Factory.StartNew(
                () => twoTokens ? command.Run(forceful, graceful) : command.Run(graceful),
                TaskCreationOptions.LongRunning
            )
        : twoTokens ? command.RunAsync(forceful, graceful)
        : command.RunAsync(graceful);
}
