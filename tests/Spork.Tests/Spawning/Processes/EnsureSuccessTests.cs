namespace Spork.Tests.Spawning;

/// <summary>A failure as an exception, and the times of a run.</summary>
public class EnsureSuccessTests
{
    [Fact]
    public void Success_is_handed_on()
    {
        var status = new Command("true").Run();
        Assert.Same(status, status.EnsureSuccess());
        var all = (new Command("yes") | new Command("head", "-n", "1") | Stdio.Null).Run();
        Assert.Same(all, all.EnsureSuccess());
    }

    [Theory]
    [InlineData("exit 3", "'sh' ended with exit code 3")]
    [InlineData("kill -KILL $$", "'sh' was killed by SIGKILL")]
    public async Task Whatever_else_is_thrown_with_program_and_status(string script, string expected)
    {
        var command = new Command("sh", "-c", script);
        using var child = command.Start(TestContext.Current.CancellationToken);
        foreach (var status in new[] { command.Run(), await command.RunAsync(), child.Wait() })
        {
            var failure = Assert.Throws<CommandFailedException>(status.EnsureSuccess);
            Assert.Equal((expected, "sh"), (failure.Message, failure.Program));
            Assert.Same(status, failure.Status);
        }
    }

    [Fact]
    public void Of_a_pipeline_the_first_failure_is_thrown()
    {
        var status = (
            new Command("true") | new Command("sh", "-c", "exit 4") | new Command("sh", "-c", "exit 5")
        ).Run();
        var failure = Assert.Throws<CommandFailedException>(status.EnsureSuccess);
        Assert.Equal((4, "'sh' ended with exit code 4"), (failure.Status.Code, failure.Message));
    }

    // Tyrrrz/CliWrap#93: Process does not know them any more once it has ended.
    [Fact]
    public void When_it_began_and_ended_is_known_afterwards()
    {
        var before = DateTimeOffset.UtcNow;
        var status = new Command("sleep", "0.05").Run();
        var after = DateTimeOffset.UtcNow;
        Assert.Equal(status.Elapsed, status.ExitTime - status.StartTime);

        // The clock on the wall may be set meanwhile, and ticks in coarser steps than the one that Elapsed is from.
        var slack = TimeSpan.FromSeconds(1);
        Assert.InRange(status.StartTime, before - slack, after + slack);
        Assert.InRange(status.ExitTime, before - slack, after + slack);
    }
}
