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

    /// <summary>
    /// Shelves of Spawning, and the shelf that each must not reach up to. Most of them are about one command and know each
    /// other; these are a stair: posix_spawn is built of second stages, which know nothing of it.
    /// </summary>
    public static readonly (string Lower, string Upper)[] Stairs = [("Spawning/Isolation/", "Spawning/Posix/")];

    /// <summary>The room a file lies in, by its path below src/Spork; -1 when there is no such room.</summary>
    public static int IndexOf(string relativePath) => Array.IndexOf(InOrder, relativePath.Split('/')[0]);
}
