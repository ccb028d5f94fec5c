using System.Text.Json;
using Spork.Cli.Output;

namespace Spork.Cli.Bench;

/// <summary>The bench for programs: the same figures with every round's median, so that nothing must be measured again.</summary>
internal static class SpawnBenchJson
{
    public static byte[] Write(SpawnBenchResult result) =>
        JsonText.Write(json =>
        {
            json.WriteStartObject();
            WriteMachine(json, result.Machine);
            json.WriteNumber("rounds", result.Options.Rounds);
            json.WriteNumber("batch", result.Options.Batch);
            json.WriteObjects("rivals", result.Results, WriteRival);
            json.WriteObjects("goals", result.Goals, WriteGoal);
            json.WriteStrings("notes", result.Notes);
            json.WriteEndObject();
        });

    private static void WriteMachine(Utf8JsonWriter json, MachineFacts machine)
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

    private static void WriteRival(Utf8JsonWriter json, RivalResult rival)
    {
        json.WriteString("rival", rival.Rival);
        json.WriteNumber("heapBytes", rival.Heap);
        WriteRounds(json, "callReturnsUs", rival.CallReturnsByRound);
        json.WriteNumber("callReturnsP99Us", rival.CallReturnsP99);
        WriteRounds(json, "reapedUs", rival.ReapedByRound);
        json.WriteNumber("reapedP99Us", rival.ReapedP99);
        if (!RivalNames.IsNative(rival.Rival))
        {
            json.WriteNumber("allocatedBytesEach", rival.AllocatedEach);
        }

        WriteRounds(json, "perSecondAt1", rival.PerSecondAt1);
        WriteRounds(json, "perSecondAt8", rival.PerSecondAt8);
    }

    private static void WriteRounds(Utf8JsonWriter json, string name, IEnumerable<double> rounds)
    {
        json.WriteStartArray(name);
        foreach (var round in rounds)
        {
            json.WriteNumberValue(Math.Round(round, 3));
        }

        json.WriteEndArray();
    }

    private static void WriteGoal(Utf8JsonWriter json, Goal goal)
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
