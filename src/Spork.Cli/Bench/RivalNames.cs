namespace Spork.Cli.Bench;

/// <summary>The rivals, as tables and JSON name them.</summary>
internal static class RivalNames
{
    public const string Spork = "Spork";
    public const string Vfork = "vfork";
    public const string PosixSpawn = "posix_spawn";
    public const string Process = "Process.Start";
    public const string Medallion = "MedallionShell";

    public static bool IsNative(string rival) => rival is Vfork or PosixSpawn;
}
