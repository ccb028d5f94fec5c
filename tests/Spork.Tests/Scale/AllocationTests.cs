namespace Spork.Tests.Scale;

/// <summary>A plain spawn allocates at most one KiB: counted by the runtime, to the byte, on the thread that starts.</summary>
public sealed class AllocationTests(NoOpProgram noOp) : IClassFixture<NoOpProgram>
{
    private const int Promised = 1024;
    private const int Times = 50;

    [Fact]
    public void Running_a_program() => AssertSmall(() => noOp.Command.Run());

    [Fact]
    public void Starting_waiting_and_letting_go() =>
        AssertSmall(() =>
        {
            using var child = noOp.Command.Start();
            child.Wait();
        });

    [Fact]
    public void Running_a_program_found_in_PATH_with_the_inherited_environment()
    {
        var command = new Command("true");
        AssertSmall(() => command.Run());
    }

    [Fact]
    public void Running_a_program_in_a_directory_with_an_environment_and_streams_of_its_own()
    {
        var command = noOp
            .Command.WithWorkingDirectory("/")
            .WithEnvironmentVariable("A", "b")
            .WithStandardInput(Stdio.Null)
            .WithStandardOutput(Stdio.Append("/dev/null"));
        AssertSmall(() => command.Run());
    }

    // The mean over many, after a warm-up in which the program is compiled, the code jitted and the memory pooled.
    private static void AssertSmall(Action start)
    {
        for (var i = 0; i < 50; i++)
        {
            start();
        }

        Assert.SkipWhen(
            SpawnLadder.Current == "posix_spawn",
            "NOT TESTED: allocations. libc's vectors are made anew at each start of this rung."
        );
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            start();
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        Assert.InRange(each, 1, Promised);
    }
}
