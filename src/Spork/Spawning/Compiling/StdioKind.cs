namespace Spork.Spawning;

internal enum StdioKind
{
    Inherit,
    Closed,
    Handle,
    Number,
    File,

    /// <summary>The command's pseudo-terminal, opened by the child.</summary>
    Terminal,

    /// <summary>Another number's, wherever that comes from: resolved by <see cref="SharedDescriptors"/>.</summary>
    SameAs,

    /// <summary>A pipe made at each start; the caller has the other end.</summary>
    Pipe,

    /// <summary>A pipe made at each start; a relay has the other end.</summary>
    Relay,

    /// <summary>A pipe made at each start; a capture has the other end.</summary>
    Captured,

    /// <summary>A descriptor that is handed in at each start: between the commands of a pipeline.</summary>
    Given,
}
