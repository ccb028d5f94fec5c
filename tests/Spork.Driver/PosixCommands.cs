namespace Spork.Driver;

/// <summary>posix_spawn where the tests' own process is of no use: with another user's ids, at a terminal.</summary>
internal static class PosixCommands
{
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
