using System.Text.Json;

namespace Spork.Cli.Bench;

/// <summary>What the JSON of all benches has in common.</summary>
internal static class BenchJson
{
    public static void WriteMachine(Utf8JsonWriter json, MachineFacts machine)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", machine.Processor);
        json.WriteNumber("processors", machine.Processors);
        json.WriteString("memory", machine.Memory);
        json.WriteString("kernel", machine.Kernel);
        json.WriteString("runtime", machine.Runtime);
        json.WriteString("via", machine.Rung);
        json.WriteEndObject();
    }

    public static void WriteRounds(Utf8JsonWriter json, string name, IEnumerable<double> rounds)
    {
        json.WriteStartArray(name);
        foreach (var round in rounds)
        {
            json.WriteNumberValue(Math.Round(round, 3));
        }

        json.WriteEndArray();
    }

    public static void WriteGoal(Utf8JsonWriter json, Goal goal)
    {
        json.WriteString("what", goal.What);
        json.WriteString("bound", goal.BoundText);
        json.WriteString("verdict", goal.Verdict);
        if (goal.Figure is { } figure)
        {
            json.WriteNumber("median", figure.Median);
            json.WriteNumber("lowest", figure.Lowest);
            json.WriteNumber("highest", figure.Highest);
        }
    }
}
