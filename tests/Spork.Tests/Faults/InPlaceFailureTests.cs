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
}
