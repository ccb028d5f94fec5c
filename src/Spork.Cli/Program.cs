using System.CommandLine;
using Spork.Cli.Bench;
using Spork.Cli.Doctor;
using Spork.Cli.Output;
using Spork.Cli.Run;
using Spork.Cli.Tour;

namespace Spork.Cli;

internal static class Program
{
    private static int Main(string[] args)
    {
        // `run` stands in front of programs that live for a millisecond: it builds none of the other commands.
        var isRun = args is [RunCommand.Name, ..];
        try
        {
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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            ErrorLine.Write(e.Message);
            return isRun ? ExitCodes.SporkFailed : ExitCodes.Failure;
        }
    }

    private static int Invoke(string[] args)
    {
        var root = CommandTree.Root(
            TourCommand.Describe(),
            RunCommand.Describe(new RunOptions()),
            DoctorCommand.Describe(),
            BenchCommand.Describe(),
            BenchWorkerCommand.Describe()
        );
        var parsed = root.Parse(args, CommandTree.Parsing);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException($"{Complaint(args, parsed)}; see 'spork --help'");
        }

        return parsed.Invoke(CommandTree.Invoking);
    }

    private static string Complaint(string[] args, ParseResult parsed) =>
        args.Length == 0 ? "no command given"
        : parsed.UnmatchedTokens is [var word, ..] ? $"there is no command or option '{word}'"
        : parsed.Errors[0].Message.TrimEnd('.');
}
