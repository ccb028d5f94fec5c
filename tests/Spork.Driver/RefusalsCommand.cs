using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>Each option of credentials and isolation on the lowest rung: which step its refusal names.</summary>
internal static class RefusalsCommand
{
    internal static int Run()
    {
        using var network = File.OpenHandle("/proc/self/ns/net");
        var command = new Command("/bin/true");
        Command[] commands =
        [
            command.WithUser(0),
            command.WithGroup(0),
            command.WithSupplementaryGroups(),
            command.WithCapabilities(),
            command.WithOomScoreAdjustment(1),
            command.WithRootDirectory("/"),
            command.WithNewNamespaces(Namespaces.Network),
            command.WithNamespace(network),
            command.WithNoNewPrivileges(),
            command.WithIoPriority(IoPriorityClass.Idle),
            command.WithScheduler(SchedulingPolicy.Batch),
        ];
        var steps = new JsonArray();
        foreach (var one in commands)
        {
            steps.Add(JsonValue.Create(StepOf(one)));
        }

        Console.WriteLine(new JsonObject { ["steps"] = steps }.ToJsonString());
        return 0;
    }

    private static string StepOf(Command command)
    {
        try
        {
            return command.Run().ToString();
        }
        catch (SpawnException e)
        {
            return e.Errno == Errno.ENOTSUP ? e.Step : e.Message;
        }
    }
}
