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
            json.WriteStrings("argv", plan.Words);
            json.WriteString("via", listing.Via);
            json.WriteObjects(
                "steps",
                listing.Lines,
                static (json, line) =>
                {
                    json.WriteNumber("index", line.Index);
                    json.WriteString("call", line.Call);
                    json.WriteString("note", line.Note);
                }
            );
            json.WriteEndObject();
        });
    }
}
