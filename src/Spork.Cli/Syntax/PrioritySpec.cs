using System.Globalization;

namespace Spork.Cli.Syntax;

/// <summary><c>be:4</c> and <c>fifo:10</c>.</summary>
internal static class PrioritySpec
{
    public static (IoPriorityClass Class, int Level) ParseIo(string option, string text)
    {
        var (name, number) = Split(option, text, 0, 7);
        return name switch
        {
            "none" => (IoPriorityClass.None, number ?? 0),
            "rt" => (IoPriorityClass.RealTime, number ?? 4),
            "be" => (IoPriorityClass.BestEffort, number ?? 4),
            "idle" => (IoPriorityClass.Idle, number ?? 0),
            _ => throw new UsageException($"{option} {Quote.Value(text)}: '{name}' is none of rt, be, idle, none"),
        };
    }

    public static (SchedulingPolicy Policy, int Priority) ParsePolicy(string option, string text)
    {
        var (name, number) = Split(option, text, 0, 99);
        return name switch
        {
            "other" => (SchedulingPolicy.Other, number ?? 0),
            "batch" => (SchedulingPolicy.Batch, number ?? 0),
            "idle" => (SchedulingPolicy.Idle, number ?? 0),
            "fifo" => (SchedulingPolicy.Fifo, number ?? 1),
            "rr" => (SchedulingPolicy.RoundRobin, number ?? 1),
            _ => throw new UsageException(
                $"{option} {Quote.Value(text)}: '{name}' is none of other, batch, idle, fifo, rr"
            ),
        };
    }

    private static (string Name, int? Number) Split(string option, string text, int least, int most)
    {
        var parts = text.Split(':', 2);
        if (parts.Length == 1)
        {
            return (text, null);
        }

        return
            int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
            ? (parts[0], number)
            : throw new UsageException(
                $"{option} {Quote.Value(text)}: '{parts[1]}' is not a whole number from {least} to {most}"
            );
    }
}
