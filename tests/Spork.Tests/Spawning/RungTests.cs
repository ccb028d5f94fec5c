namespace Spork.Tests.Spawning;

/// <summary>A run of the suite says by which rung of the ladder everything in it was started.</summary>
public sealed class RungTests
{
    [Fact]
    public void The_rung_that_this_run_uses_is_named()
    {
        var rung = SpawnLadder.Current;

        TestContext.Current.AddWarning($"processes are made through {rung}");
        Assert.Equal(rung, new Command("true").Explain().Via);
        Assert.Equal(rung, Assert.Throws<SpawnException>(() => new Command("/no/such/program").Start()).Via);
        Assert.Contains(
            SpawnLadder.Inspect(),
            finding => string.Equals(finding.Name, "clone3", StringComparison.Ordinal)
        );
    }
}
