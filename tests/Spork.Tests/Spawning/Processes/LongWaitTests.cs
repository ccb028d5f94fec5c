namespace Spork.Tests.Spawning;

/// <summary>Times to wait that a timer cannot count.</summary>
public class LongWaitTests
{
    [Theory]
    [InlineData(30)]
    [InlineData(100_000)]
    public void A_wait_of_many_days_ends_with_the_process(int days)
    {
        using var child = new Command("/bin/true").Start();

        Assert.Equal(0, child.Wait(TimeSpan.FromDays(days))?.Code);
    }

    [Fact]
    public void A_negative_time_is_refused_and_infinity_is_not()
    {
        using var child = new Command("/bin/true").Start();

        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => child.Wait(TimeSpan.FromSeconds(-5)));
        Assert.Contains("not negative", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, child.Wait(Timeout.InfiniteTimeSpan)?.Code);
    }

    [Fact]
    public void A_process_says_what_became_of_it()
    {
        using var child = new Command("/bin/sh", "-c", "exit 3").Start();
        child.Wait();

        Assert.Equal($"process {child.Id}, exit code 3", child.ToString());
    }
}
