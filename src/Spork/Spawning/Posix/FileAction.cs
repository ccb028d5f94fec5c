using System.Runtime.InteropServices;

namespace Spork.Spawning;

internal enum FileActionKind
{
    Open,
    Close,
    Dup2,
    ChDir,
    FChDir,
    CloseFrom,
    TcSetPGrp,
}

/// <summary>One entry of posix_spawn_file_actions_t.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Number">The descriptor it is about; for dup2 the new one.</param>
internal sealed record FileAction(FileActionKind Kind, int Number)
{
    internal ByteString Path { get; init; }

    internal int Flags { get; init; }

    internal int Mode { get; init; }

    /// <summary>dup2's old descriptor.</summary>
    internal int Source { get; init; }

    /// <summary>Keeps the number it was taken from open until the start is over.</summary>
    internal SafeHandle? Handle { get; init; }
}
