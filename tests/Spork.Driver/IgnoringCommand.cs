namespace Spork.Driver;

/// <summary>Becomes the command line, with SIGCHLD ignored: no shell can do that to those it starts.</summary>
internal static class IgnoringCommand
{
    internal static int Run(string[] commandLine)
    {
        new Command(commandLine[0], commandLine[1..]).WithIgnoredSignals(Signal.SIGCHLD).ExecInPlace();
        return 1;
    }
}
