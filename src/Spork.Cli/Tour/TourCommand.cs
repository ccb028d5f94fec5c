using System.Diagnostics;
using Spork.Cli.Bench;
using Spork.Cli.Output;

namespace Spork.Cli.Tour;

/// <summary><c>spork tour</c>: every capability, on this machine, in under a minute. Ends 0 only if all stops worked.</summary>
internal static class TourCommand
{
    public static System.CommandLine.Command Describe()
    {
        var command = new System.CommandLine.Command("tour", "Show everything Spork can do on this machine, measured");
        command.SetAction(_ => Run(TourStops.All));
        return command;
    }

    private static int Run(IReadOnlyList<ITourStop> stops)
    {
        using var folder = new TempFolder("spork-tour-");
        var guide = new TourGuide(folder.Path);
        var watch = Stopwatch.StartNew();
        Console.Out.Write($"Spork on {MachineFacts.Describe().Header}\n\n");
        var worked = 0;
        for (var i = 0; i < stops.Count; i++)
        {
            guide.Heading(i + 1, stops.Count, stops[i].Title);
            worked += Visit(stops[i], guide) ? 1 : 0;
            TourGuide.Blank();
        }

        Console.Out.Write($"{worked} of {stops.Count} stops worked, in {watch.Elapsed.TotalSeconds:0.0} s\n");
        return worked == stops.Count ? ExitCodes.Success : ExitCodes.Failure;
    }

    /// <summary>One stop that fails must not hide the others.</summary>
    private static bool Visit(ITourStop stop, TourGuide guide)
    {
        try
        {
            stop.Visit(guide);
            return true;
        }
        catch (Exception e)
            when (e
                    is TourException
                        or SpawnException
                        or IOException
                        or UnauthorizedAccessException
                        or AggregateException
            )
        {
            guide.Failed(e.Message);
            return false;
        }
    }
}
