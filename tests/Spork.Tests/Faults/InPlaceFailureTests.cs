using Spork.Tests.Support;

namespace Spork.Tests.Faults;

/// <summary>What a failed exec in place must not do to the threads that live on.</summary>
public class InPlaceFailureTests
{
    private const int Attempts = 500;

    [Fact]
    public void A_broken_pipe_elsewhere_does_not_end_a_process_that_failed_to_become_another()
    {
        var answer = DriverProgram.Ask("broken-pipe", $"{Attempts}");

        Assert.InRange(answer.GetProperty("failures").GetInt32(), Attempts, int.MaxValue);
        Assert.InRange(answer.GetProperty("writes").GetInt64(), Attempts, long.MaxValue);
    }

    [Fact]
    public void A_cgroup_that_was_joined_before_exec_failed_stays_joined_and_the_error_says_so()
    {
        using var cgroup = TestCgroup.MakeOrSkip("a cgroup joined in place before a failure");
        var answer = DriverProgram.Ask("cgroup-in-place", cgroup.Path);

        Assert.Equal(("execve", "ENOENT"), (answer.String("step"), answer.String("errno")));
        Assert.Equal("(not undone: the cgroup)", answer.String("hint"));
        Assert.EndsWith("(not undone: the cgroup)", answer.String("message"), StringComparison.Ordinal);
        Assert.NotEqual(cgroup.Name, answer.String("before"));
        Assert.Equal(cgroup.Name, answer.String("after"));
    }

    [Fact]
    public void A_cgroup_that_could_not_be_joined_is_not_said_to_stay()
    {
        using var directory = new TempDirectory();
        var answer = DriverProgram.Ask("cgroup-in-place", directory.Path);

        Assert.Equal(("open", "ENOENT", ""), (answer.String("step"), answer.String("errno"), answer.String("hint")));
        Assert.Equal(answer.String("before"), answer.String("after"));
    }
}
