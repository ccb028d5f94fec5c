using System.CommandLine;
using Spork.Cli.Output;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary><c>spork run</c>: parse, then explain, become, or start and wait.</summary>
internal static class RunCommand
{
    public const string Name = "run";

    /// <summary>For the help's usage line: the command's words never reach the parser, so what does is a bad option.</summary>
    private static Argument<string[]> CommandWords { get; } =
        new(RunHelp.CommandWords) { Arity = ArgumentArity.ZeroOrMore, Description = "The program and its arguments" };

    public static System.CommandLine.Command Describe(RunOptions options)
    {
        var command = new System.CommandLine.Command(Name, "Start a program; its exit code becomes spork's");
        foreach (var option in options.All)
        {
            command.Add(option);
        }

        command.Add(CommandWords);
        return command;
    }

    public static int Invoke(IReadOnlyList<string> words)
    {
        var options = new RunOptions();
        var split = RunArguments.Split(words, options.All);
        RequireText(split.Options, options);
        var root = CommandTree.Root(Describe(options));
        var parsed = root.Parse([Name, .. split.Options], CommandTree.Parsing);
        if (parsed.Errors.Count > 0)
        {
            throw new UsageException($"{parsed.Errors[0].Message.TrimEnd('.')}; see 'spork run --help'");
        }

        if (parsed.Action is not null)
        {
            StandardOutput.Require();
            return RunHelp.Print(parsed);
        }

        if (parsed.GetValue(CommandWords) is [var unknown, ..])
        {
            throw new UsageException(
                $"there is no option '{unknown}'; see 'spork run --help', or write -- before a command that begins with a dash"
            );
        }

        if (split.Command.Count == 0)
        {
            throw new UsageException("no command given; write 'spork run [options] -- CMD [ARG…]'");
        }

        if (split.Command[0].Length == 0)
        {
            throw new UsageException("the command is empty; write a program's name or path after the options");
        }

        return Perform(RunPlan.From(parsed, options, split.Command));
    }

    // A path that only the library sees may be any bytes. What this tool reads itself, .NET reads as text.
    private static void RequireText(IReadOnlyList<string> words, RunOptions options)
    {
        foreach (var word in words)
        {
            var name = word.Split('=')[0];
            if (
                RawText.IsRaw(word)
                && !options.TakeBytes.Any(option => option.Name.Equals(name, StringComparison.Ordinal))
            )
            {
                throw new UsageException(
                    $"{word}: not valid UTF-8, which only the command may be and the values of {string.Join(", ", options.TakeBytes.Select(option => option.Name))}"
                );
            }
        }
    }

    private static int Perform(RunPlan plan)
    {
        if (plan.Explain)
        {
            RunExplanation.Print(plan);
            return ExitCodes.Success;
        }

        try
        {
            if (plan.Exec)
            {
                plan.Command.ExecInPlace();
            }

            return plan.Detach ? RunSupervisor.Detach(plan) : RunSupervisor.Run(plan);
        }
        catch (SpawnException e)
        {
            ErrorLine.Write(RunFailure.Describe(e));
            return RunFailure.ExitCode(e);
        }
    }
}
