using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Spork.Cli.Bench;
using Spork.Cli.Bench.Streams;
using Spork.Cli.Doctor;
using Spork.Cli.Output;
using Spork.Cli.Run;
using Spork.Cli.Tour;

namespace Spork.Cli;

internal static class Program
{
    /// <summary>
    /// Names nothing outside the core library, so that it always compiles: with too few descriptors any other assembly
    /// may fail to load, and that too is one line and not a stack trace.
    /// </summary>
    private static int Main(string[] args)
    {
        // `run` stands in front of programs that live for a millisecond: it builds none of the other commands.
        var isRun = args.Length > 0 && string.Equals(args[0], RunCommand.Name, StringComparison.Ordinal);
        try
        {
            return Perform(args, isRun);
        }
        catch (Exception e)
        {
            ErrorLine.Write(Unforeseen(e is TypeInitializationException { InnerException: { } cause } ? cause : e));
            return isRun ? ExitCodes.SporkFailed : ExitCodes.Failure;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Perform(string[] args, bool isRun)
    {
        try
        {
            args = OwnArguments.AsTyped(args);
            return isRun ? RunCommand.Invoke(args[1..]) : Invoke(args);
        }
        catch (UsageException e)
        {
            ErrorLine.Write(e.Message);
            return isRun ? ExitCodes.SporkFailed : ExitCodes.Usage;
        }
        catch (SpawnException e)
        {
            ErrorLine.Write(RunFailure.Describe(e));
            return isRun ? ExitCodes.SporkFailed : ExitCodes.Failure;
        }
    }

    private static string Unforeseen(Exception e) =>
        e switch
        {
            // A full name, "System.Linq, Version=…", is an assembly: nobody deletes those, but descriptors run out.
            FileNotFoundException { FileName: { } name } when name.Contains(", Version=", StringComparison.Ordinal) =>
                $"cannot load {name[..name.IndexOf(',', StringComparison.Ordinal)]}; are there too few descriptors? See 'ulimit -n'",
            IOException or UnauthorizedAccessException or PlatformNotSupportedException or SystemCallException =>
                e.Message,
            _ => $"unexpected {e.GetType().Name}: {e.Message}",
        };

    private static int Invoke(string[] args)
    {
        OwnArguments.RequireText(args);
        var root = CommandTree.Root(
            TourCommand.Describe(),
            RunCommand.Describe(new RunOptions()),
            DoctorCommand.Describe(),
            BenchCommand.Describe(),
            BenchWorkerCommand.Describe(),
            StreamWorkerCommand.Describe()
        );
        var parsed = root.Parse(args, CommandTree.Parsing);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException($"{Complaint(args, parsed)}; see '{HelpOf(parsed)} --help'");
        }

        StandardOutput.Require();
        return parsed.Invoke(CommandTree.Invoking);
    }

    private static string Complaint(string[] args, ParseResult parsed) =>
        args.Length == 0 ? "no command given"
        : parsed.UnmatchedTokens is [var word, ..] ? $"there is no command or option '{word}'"
        : parsed.Errors[0].Message.TrimEnd('.');

    private static string HelpOf(ParseResult parsed)
    {
        var words = "";
        for (
            SymbolResult? at = parsed.CommandResult;
            at is CommandResult { Command: not RootCommand } command;
            at = at.Parent
        )
        {
            words = $" {command.Command.Name}{words}";
        }

        return $"spork{words}";
    }
}
