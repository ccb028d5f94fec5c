using System.Text.Json.Nodes;

namespace Spork.Driver;

/// <summary>posix_spawn where the tests' own process is of no use: with another user's ids, at a terminal.</summary>
internal static class PosixCommands
{
    internal static int ResetIds()
    {
        try
        {
            using var child = Posix.SpawnP("true", null, new() { Flags = SpawnFlags.ResetIds }, ["true"]);
            Console.WriteLine(new JsonObject { ["step"] = "none", ["errno"] = child.Wait().ToString() });
        }
        catch (SpawnException e)
        {
            Console.WriteLine(
                new JsonObject
                {
                    ["step"] = e.Step,
                    ["errno"] = e.Errno.Name,
                    ["message"] = e.Message,
                }
            );
        }

        return 0;
    }

    /// <summary>The child makes its own new group the foreground one, then says what it is.</summary>
    internal static int Foreground(string file)
    {
        const int WriteCreate = 0x241;
        using var child = Posix.SpawnP(
            "cat",
            new SpawnFileActions().AddTcSetPGrp(0).AddOpen(1, file, WriteCreate, 0x1A0),
            new() { Flags = SpawnFlags.SetPGroup },
            ["cat", "/proc/self/stat"]
        );
        return child.Wait().ShellCode;
    }
}
