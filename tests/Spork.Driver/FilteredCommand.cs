namespace Spork.Driver;

/// <summary>Becomes the command line, with system calls refused to it and to whatever it starts, as in a container.</summary>
internal static class FilteredCommand
{
    internal static int Run(string refusal, string[] commandLine)
    {
        Seccomp.Install([Refusal.Parse(refusal)]);
        new Command(commandLine[0], commandLine[1..]).ExecInPlace();
        return 1;
    }
}
