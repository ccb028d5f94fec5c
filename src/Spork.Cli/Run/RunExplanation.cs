using Spork.Cli.Output;

namespace Spork.Cli.Run;

/// <summary><c>--explain</c>: the child program as it would run, numbered as the errors number it.</summary>
internal static class RunExplanation
{
    public static void Print(RunPlan plan)
    {
        StandardOutput.Require();
        var listing = plan.Command.Explain();
        if (!plan.Json)
        {
            Console.Out.Write($"{listing.ToString().TrimEnd('\n')}\n");
            return;
        }

        JsonText.Print(json =>
        {
            json.WriteStartObject();
            json.WriteString("command", plan.Command.ToString());
            json.WriteStartArray("argv");
            foreach (var word in plan.Words)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteString("via", listing.Via);
            json.WriteStartArray("steps");
            foreach (var line in listing.Lines)
            {
                json.WriteStartObject();
                json.WriteNumber("index", line.Index);
                json.WriteString("call", line.Call);
                json.WriteString("note", line.Note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
