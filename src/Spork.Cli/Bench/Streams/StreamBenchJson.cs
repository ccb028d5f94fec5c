using Spork.Cli.Output;

namespace Spork.Cli.Bench.Streams;

/// <summary>The bench for programs: every round's median.</summary>
internal static class StreamBenchJson
{
    public static byte[] Write(StreamBenchResult result) =>
        JsonText.Write(json =>
        {
            json.WriteStartObject();
            BenchJson.WriteMachine(json, result.Machine);
            json.WriteString("load", result.LoadBefore);
            json.WriteNumber("rounds", result.Options.Rounds);
            json.WriteNumber("longRounds", result.Options.LongRounds);
            json.WriteNumber("batch", result.Options.Batch);
            json.WriteObjects(
                "figures",
                result.Results,
                static (json, figure) =>
                {
                    json.WriteString("task", figure.Task.Name);
                    json.WriteNumber("bytes", figure.Task.Bytes);
                    json.WriteString("rival", figure.Rival);
                    BenchJson.WriteRounds(json, "us", figure.TimeByRound);
                    json.WriteNumber("allocatedBytesEach", figure.AllocatedEach);
                }
            );
            json.WriteObjects("goals", result.Goals, BenchJson.WriteGoal);
            json.WriteStrings("notes", result.Notes);
            json.WriteEndObject();
        });
}
