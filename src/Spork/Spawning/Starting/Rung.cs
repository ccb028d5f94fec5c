namespace Spork.Spawning;

/// <summary>How processes are made here, best first. See <see cref="SpawnLadder"/>.</summary>
internal enum Rung
{
    Clone3,
    Clone,
    PosixSpawn,
}
