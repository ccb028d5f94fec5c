namespace Spork.Cli.Tour;

internal sealed class ExitStatusStop : ITourStop
{
    public string Title => "A program started, and exactly how it ended";

    public void Visit(TourGuide guide)
    {
        var code = Show(guide, "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; exit 7");
        TourGuide.Require(code.Code == 7, $"exit code 7 was expected, not {code}");
        if (code.Usage is { } usage)
        {
            guide.Say(
                $"it used {usage.UserTime.TotalMilliseconds:0.0} ms of processor, "
                    + $"{usage.MinorFaults} page faults, {usage.VoluntarySwitches + usage.InvoluntarySwitches} context switches"
            );
        }

        var signal = Show(guide, "kill -SEGV $$");
        TourGuide.Require(signal.Signal?.Number == 11, $"SIGSEGV was expected, not {signal}");
    }

    private static ExitStatus Show(TourGuide guide, string script)
    {
        var command = new Command("sh", "-c", script).WithLimit(Resource.CoreSize, 0, 0);
        guide.Show(command.ToString());
        using var child = command.Start();
        var status = child.Wait();
        guide.Result(
            $"pid {child.Id}, running after {child.StartDuration.TotalMicroseconds:0} µs, "
                + $"ended after {status.Elapsed.TotalMilliseconds:0.0} ms: {status}"
        );
        return status;
    }
}
