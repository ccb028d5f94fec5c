namespace Spork.Tests.House;

/// <summary>The rooms of src/Spork from the ground floor up; a room uses itself and the rooms before it.</summary>
internal static class Rooms
{
    public static readonly string[] InOrder =
    [
        "Linux",
        "Machine",
        "Programs",
        "Spawning",
        "Images",
        "Forking",
        "Snapshots",
        "Warm",
    ];

    /// <summary>Rooms with raw memory: the ground floor, machine code, and what is laid out for the kernel.</summary>
    public static readonly string[] WithPointers = ["Linux", "Machine", "Programs", "Spawning", "Forking", "Snapshots"];

    /// <summary>The room a file lies in, by its path below src/Spork; -1 when there is no such room.</summary>
    public static int IndexOf(string relativePath) => Array.IndexOf(InOrder, relativePath.Split('/')[0]);
}
