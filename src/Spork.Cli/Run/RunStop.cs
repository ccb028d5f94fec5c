using System.CommandLine;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary>How the command is stopped, and what the stop reaches.</summary>
internal static class RunStop
{
    public static StopOptions From(ParseResult parsed, RunOptions options)
    {
        var stop = StopOptions.Default;
        if (parsed.GetValue(options.StopSignal) is { } signal)
        {
            stop = WithSignal(stop, AsTyped(parsed, options.StopSignal), signal);
        }

        if (parsed.GetValue(options.Grace) is { } grace)
        {
            stop = stop with { Grace = Duration.Parse(AsTyped(parsed, options.Grace), grace) };
        }

        return parsed.GetValue(options.KillTree) ? stop with { Reach = StopReach.Tree } : stop;
    }

    /// <summary>Stops the command; null if one that became another user (sudo) refuses: it is waited for then.</summary>
    public static StopResult? TryStop(ChildProcess child, StopOptions stop)
    {
        try
        {
            return child.Stop(stop);
        }
        catch (SystemCallException e)
        {
            // Anything else: it was killed itself, but what it started could not be looked for.
            var what =
                e.Errno == Errno.EPERM
                    ? "the command cannot be stopped and runs on"
                    : "the command was killed, but not all that it started could be found";
            Output.ErrorLine.Write($"{what}: {e.Message}");
            return null;
        }
    }

    // Both have an older name as well.
    private static string AsTyped(ParseResult parsed, Option option) =>
        parsed.GetResult(option)?.IdentifierToken?.Value ?? option.Name;

    private static StopOptions WithSignal(StopOptions stop, string option, string text)
    {
        var signal = SignalName.Parse(option, text);
        try
        {
            return stop with { Signal = signal };
        }
        catch (ArgumentException e)
        {
            throw new UsageException($"{option} {text}: it pauses or continues a process and asks none to end", e);
        }
    }
}
