using System.CommandLine;
using Spork.Cli.Output;

namespace Spork.Cli.Doctor;

/// <summary><c>spork doctor</c>: what this machine allows, and what each missing thing costs.</summary>
internal static class DoctorCommand
{
    public static System.CommandLine.Command Describe()
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON" };
        var command = new System.CommandLine.Command("doctor", "Say what this machine allows and what is missing");
        command.Add(json);
        command.SetAction(parsed => Run(parsed.GetValue(json)));
        return command;
    }

    private static int Run(bool asJson)
    {
        var diagnosis = Diagnosis.Make();
        if (asJson)
        {
            PrintJson(diagnosis);
        }
        else
        {
            Print(diagnosis);
        }

        return diagnosis.Works ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static void Print(Diagnosis diagnosis)
    {
        Console.Out.Write($"{diagnosis.Summary}\n");
        var table = new TextTable("what", "state", "found", "what it costs");
        foreach (var finding in diagnosis.Findings)
        {
            table.Add(finding.Name, Diagnosis.Word(finding.State), finding.Detail, finding.Cost);
        }

        table.Write();
    }

    private static void PrintJson(Diagnosis diagnosis) =>
        JsonText.Print(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("works", diagnosis.Works);
            json.WriteString("via", diagnosis.Via);
            json.WriteString("summary", diagnosis.Summary);
            json.WriteObjects(
                "findings",
                diagnosis.Findings,
                static (json, finding) =>
                {
                    json.WriteString("name", finding.Name);
                    json.WriteString("state", Diagnosis.Word(finding.State));
                    json.WriteString("detail", finding.Detail);
                    json.WriteString("cost", finding.Cost);
                }
            );
            json.WriteEndObject();
        });
}
