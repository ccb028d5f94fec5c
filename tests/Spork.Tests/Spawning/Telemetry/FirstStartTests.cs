using Spork.Tests.Cli;

namespace Spork.Tests.Spawning.Telemetry;

/// <summary>What telemetry costs who does not use it.</summary>
public class FirstStartTests
{
    [Fact]
    public void A_program_that_starts_one_program_does_not_load_the_library_of_the_instruments()
    {
        // The child looks at what its parent has mapped.
        var run = SporkCli.Run(
            "run",
            "--",
            "sh",
            "-c",
            "grep -c /Spork.dll /proc/$PPID/maps; grep -c DiagnosticSource /proc/$PPID/maps"
        );
        Assert.NotEqual("0", run.Output.Split('\n')[0]);
        Assert.Equal("0", run.Output.Split('\n')[1]);
    }
}
