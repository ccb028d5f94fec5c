using Spork.Cli.Bench;

namespace Spork.Cli.Tour;

internal sealed class RaceStop : ITourStop
{
    private const int Rounds = 10;
    private const int Batch = 100;

    public string Title => "A short race against Process.Start";

    public void Visit(TourGuide guide)
    {
        var factory = new WorkerFactory(NoopProgram.WriteTo(guide.Folder), nativeProgram: null);
        using var spork = factory.Start(RivalNames.Spork, heap: 0);
        using var process = factory.Start(RivalNames.Process, heap: 0);
        var ours = new RivalResult(RivalNames.Spork, 0);
        var theirs = new RivalResult(RivalNames.Process, 0);
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            spork.Spawn(Batch);
            process.Spawn(Batch);
            Thread.Sleep(120); // the JIT's tier-up timer
        }

        for (var round = 0; round < Rounds; round++)
        {
            ours.Rounds.Add(spork.Spawn(Batch));
            theirs.Rounds.Add(process.Spawn(Batch));
        }

        guide.Say($"{Rounds} interleaved rounds of {Batch} starts of a static no-op program, median, start to reaped");
        guide.Bars("µs", (ours.Rival, ours.Reaped.Median), (theirs.Rival, theirs.Reaped.Median));
        guide.Say("until the call returns");
        guide.Bars("µs", (ours.Rival, ours.CallReturns.Median), (theirs.Rival, theirs.CallReturns.Median));
        guide.Say(
            $"allocated per start: {ours.AllocatedEach:0} bytes against {theirs.AllocatedEach:0}; more: spork bench spawn"
        );
    }
}
