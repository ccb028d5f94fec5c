namespace Spork.Cli.Bench;

/// <summary>The rivals, as tables and JSON name them.</summary>
internal static class RivalNames
{
    /// <summary>Start, then Wait: the caller has the process in hand in between.</summary>
    public const string Spork = "Spork";

    /// <summary>Run: one call from start to end, which need not wake up when the program begins.</summary>
    public const string SporkRun = "Spork Run";

    public const string Vfork = "vfork";
    public const string PosixSpawn = "posix_spawn";
    public const string Process = "Process.Start";
    public const string Medallion = "MedallionShell";

    public static bool IsNative(string rival) => rival is Vfork or PosixSpawn;
}
