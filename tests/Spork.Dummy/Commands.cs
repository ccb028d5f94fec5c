using System.Globalization;
using System.Text;

namespace Spork.Dummy;

internal static class Commands
{
    public static int Usage(string problem)
    {
        Console.Error.WriteLine(
            $"dummy: {problem}; echo ARG…, echo0 ARG…, env, fds, status, limits, cwd, pgrp, "
                + "exit N, kill N, sleep MS, cat"
        );
        return 64;
    }

    // Written in one piece: a reader that sees half of it would blame the library under test.
    public static int Echo(ReadOnlySpan<string> arguments, char terminator)
    {
        var text = new StringBuilder();
        foreach (var argument in arguments)
        {
            text.Append(argument).Append(terminator);
        }

        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return 0;
    }

    public static int Exit(ReadOnlySpan<string> arguments) => Number(arguments);

    // The runtime handles SIGTERM and others in its own way, so the default action is put back first: the parent
    // must see a death by this very signal.
    public static int Kill(ReadOnlySpan<string> arguments)
    {
        var signal = Number(arguments);
        _ = LibC.SetDefaultAction(signal);
        _ = LibC.Kill(System.Environment.ProcessId, signal);
        Thread.Sleep(TimeSpan.FromSeconds(5));
        Console.Error.WriteLine($"dummy: signal {signal} did not end this process");
        return 70;
    }

    public static int Sleep(ReadOnlySpan<string> arguments)
    {
        Thread.Sleep(Number(arguments));
        return 0;
    }

    public static int Cat()
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        input.CopyTo(output);
        return 0;
    }

    private static int Number(ReadOnlySpan<string> arguments) =>
        int.Parse(arguments[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
