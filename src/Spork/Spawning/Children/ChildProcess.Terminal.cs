namespace Spork;

public sealed partial class ChildProcess
{
    /// <summary>
    /// The pseudo-terminal that <see cref="Command.StartInTerminal"/> made for it; null for any other child. It lives as
    /// long as this object, past the process's end, so that output can be read to its end; <see cref="Dispose"/> hangs it
    /// up, which ends a program that still runs and does not ignore SIGHUP.
    /// </summary>
    public PseudoTerminal? Terminal { get; private set; }

    internal void Own(PseudoTerminal terminal) => Terminal = terminal;
}
