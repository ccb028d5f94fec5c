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
            BenchJson.WriteMachine(json, result.Machine);
            json.WriteNumber("rounds", result.Options.Rounds);
            json.WriteNumber("batch", result.Options.Batch);
            json.WriteObjects("rivals", result.Results, WriteRival);
            json.WriteObjects("goals", result.Goals, BenchJson.WriteGoal);
            json.WriteStrings("notes", result.Notes);
            json.WriteEndObject();
        });

    private static void WriteRival(Utf8JsonWriter json, RivalResult rival)
    {
        json.WriteString("rival", rival.Rival);
        json.WriteNumber("heapBytes", rival.Heap);
        BenchJson.WriteRounds(json, "callReturnsUs", rival.CallReturnsByRound);
        json.WriteNumber("callReturnsP99Us", rival.CallReturnsP99);
        BenchJson.WriteRounds(json, "reapedUs", rival.ReapedByRound);
        json.WriteNumber("reapedP99Us", rival.ReapedP99);
        if (!RivalNames.IsNative(rival.Rival))
        {
            json.WriteNumber("allocatedBytesEach", rival.AllocatedEach);
        }

        BenchJson.WriteRounds(json, "perSecondAt1", rival.PerSecondAt1);
        BenchJson.WriteRounds(json, "perSecondAt8", rival.PerSecondAt8);
    }
}
