using System.CommandLine;

namespace Spork.Cli;

/// <summary>What all commands share: how words are parsed and how actions are invoked.</summary>
internal static class CommandTree
{
    /// <summary>No @file and no bundled -abc: a program's arguments are full of both.</summary>
    public static ParserConfiguration Parsing { get; } =
        new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>Exceptions and signals are this tool's own business.</summary>
    public static InvocationConfiguration Invoking { get; } =
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    public static RootCommand Root(params ReadOnlySpan<System.CommandLine.Command> commands)
    {
        var root = new RootCommand("Starts programs on Linux and names the exact step when it cannot.");
        foreach (var command in commands)
        {
            root.Add(command);
        }

        return root;
    }
}
