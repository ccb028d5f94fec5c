using System.CommandLine;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary>Options to <see cref="Spork.Command"/>, one concern after the other.</summary>
internal static class RunCommandBuilder
{
    public static Command Build(
        ParseResult parsed,
        RunOptions options,
        IReadOnlyList<string> words,
        PseudoTerminal? terminal
    )
    {
        try
        {
            var command = new Command(RawText.Bytes(words[0]), words.Skip(1).Select(RawText.Bytes));
            // First: a stream that an option names is not the terminal.
            command = terminal is null ? command : command.WithTerminal(terminal);
            command = Program(command, parsed, options);
            command = Surroundings(command, parsed, options);
            command = RunStreams.Apply(command, parsed, options);
            command = Signals(command, parsed, options);
            command = RunIsolation.Apply(command, parsed, options);
            command = Lifetime(command, parsed, options);
            return Scheduling(command, parsed, options);
        }
        catch (ArgumentException e)
        {
            // The library names the argument; that parameter name is of no use on a command line.
            var end = e.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new UsageException(end < 0 ? e.Message : e.Message[..end], e);
        }
    }

    private static Command Program(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.Argv0) is { } name)
        {
            command = command.WithArgumentZero(RawText.Bytes(name));
        }

        return parsed.GetValue(options.NoPathSearch) ? command.WithoutPathSearch() : command;
    }

    private static Command Surroundings(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.Cwd) is { } directory)
        {
            command = command.WithWorkingDirectory(RawText.Bytes(directory));
        }

        if (parsed.GetValue(options.ClearEnv))
        {
            command = command.WithEnvironment([]);
        }

        // Before --env: who sets it by hand means it.
        command = CallersLimit.Hide(command);

        foreach (var name in parsed.GetValue(options.UnsetEnv) ?? [])
        {
            var unset = EnvironmentAssignment.Name(options.UnsetEnv.Name, name);
            command = command.WithEnvironmentVariable(RawText.Bytes(unset), null);
        }

        foreach (var assignment in parsed.GetValue(options.Env) ?? [])
        {
            var (name, value) = EnvironmentAssignment.Parse(assignment);
            command = command.WithEnvironmentVariable(RawText.Bytes(name), RawText.Bytes(value));
        }

        if (parsed.GetValue(options.Umask) is { } mask)
        {
            command = command.WithUmask(OctalMode.Parse(options.Umask.Name, mask));
        }

        return parsed.GetValue(options.Cgroup) is { } cgroup ? command.WithCgroup(Path.GetFullPath(cgroup)) : command;
    }

    private static Command Signals(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.BlockSignal) is { Length: > 0 } blocked)
        {
            command = command.WithSignalMask([
                .. blocked.Select(text => SignalName.Parse(options.BlockSignal.Name, text)),
            ]);
        }

        if (parsed.GetValue(options.KeepIgnored))
        {
            command = command.WithInheritedSignals();
        }

        if (parsed.GetValue(options.IgnoreSignal) is { Length: > 0 } ignored)
        {
            command = command.WithIgnoredSignals([
                .. ignored.Select(text => SignalName.Parse(options.IgnoreSignal.Name, text)),
            ]);
        }

        if (parsed.GetValue(options.Session))
        {
            command = command.WithNewSession();
        }

        if (parsed.GetResult(options.ProcessGroup) is not null)
        {
            var group = parsed.GetValue(options.ProcessGroup);
            command = command.WithProcessGroup(
                group is null ? 0 : WholeNumber.Parse(options.ProcessGroup.Name, group, 0, int.MaxValue)
            );
        }

        return parsed.GetValue(options.ParentDeathSignal) is { } signal
            ? command.WithParentDeathSignal(SignalName.Parse(options.ParentDeathSignal.Name, signal))
            : command;
    }

    private static Command Lifetime(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.KillOnParentExit))
        {
            command = command.WithKillOnParentExit();
        }

        // Streams that were named stay; inherited ones become /dev/null.
        if (parsed.GetValue(options.Detach))
        {
            command = command.WithDetached();
        }

        return parsed.GetValue(options.KillTree) && parsed.GetValue(options.Cgroup) is null
            ? command.WithOwnCgroup(required: false)
            : command;
    }

    private static Command Scheduling(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.Nice) is { } nice)
        {
            command = command.WithNice(WholeNumber.Parse(options.Nice.Name, nice, -20, 19));
        }

        if (parsed.GetValue(options.Cpus) is { } processors)
        {
            command = command.WithAffinity(ProcessorList.Parse(options.Cpus.Name, processors));
        }

        var limited = new HashSet<Resource>();
        foreach (var text in parsed.GetValue(options.Limit) ?? [])
        {
            var limit = LimitSpec.Parse(text);
            if (!limited.Add(limit.Resource))
            {
                throw new UsageException($"{options.Limit.Name} {text}: this limit is given twice; keep one of them");
            }

            command = command.WithLimit(limit.Resource, limit.Soft, limit.Hard);
        }

        return limited.Contains(Resource.OpenFiles) ? command : CallersLimit.Restore(command);
    }
}
