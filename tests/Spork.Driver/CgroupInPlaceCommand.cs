using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>Joins a cgroup on the way to a program that is not there, and says where it is afterwards.</summary>
internal static class CgroupInPlaceCommand
{
    internal static int Run(string cgroup)
    {
        var before = Own();
        var failure = Fail(new Command("/no/such/program").WithCgroup(cgroup));
        Console.WriteLine(
            new JsonObject
            {
                ["before"] = before,
                ["after"] = Own(),
                ["step"] = failure.Step,
                ["errno"] = failure.Errno.Name,
                ["hint"] = failure.Hint ?? "",
                ["message"] = failure.Message,
            }.ToJsonString()
        );
        return 0;
    }

    private static SpawnException Fail(Command command)
    {
        try
        {
            command.ExecInPlace();
            throw new InvalidOperationException("It came back.");
        }
        catch (SpawnException e)
        {
            return e;
        }
    }

    // Of version 2; others stand beside it where both are mounted.
    private static string Own() =>
        File.ReadLines("/proc/self/cgroup").First(l => l.StartsWith("0::", StringComparison.Ordinal))["0::".Length..];
}
