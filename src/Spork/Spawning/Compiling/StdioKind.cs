namespace Spork.Spawning;

internal enum StdioKind
{
    Inherit,
    Closed,
    Handle,
    Number,
    File,
    Terminal,
}
