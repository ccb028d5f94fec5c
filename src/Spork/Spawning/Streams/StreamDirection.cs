namespace Spork.Spawning;

internal enum StreamDirection
{
    None,

    /// <summary>The program reads.</summary>
    ToProgram,

    /// <summary>The program writes.</summary>
    FromProgram,

    /// <summary>The program reads descriptor 0 and writes all others.</summary>
    OfNumber,
}
