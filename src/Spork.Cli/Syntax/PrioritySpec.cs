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
            _ => throw new UsageException($"{option} {text}: '{name}' is none of rt, be, idle, none"),
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
            _ => throw new UsageException($"{option} {text}: '{name}' is none of other, batch, idle, fifo, rr"),
        };
    }

    private static (string Name, int? Number) Split(string option, string text, int least, int most)
    {
        var parts = text.Split(':', 2);
        return (parts[0], parts.Length > 1 ? WholeNumber.Parse(option, parts[1], least, most) : null);
    }
}
