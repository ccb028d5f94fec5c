using System.CommandLine;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary>Who the command is, what it may and what it sees.</summary>
internal static class RunIsolation
{
    public static Command Apply(Command command, ParseResult parsed, RunOptions options)
    {
        command = Credentials(command, parsed, options);
        command = Scheduling(command, parsed, options);
        if (parsed.GetValue(options.Chroot) is { } root)
        {
            command = command.WithRootDirectory(root);
        }

        if (parsed.GetValue(options.Unshare) is { } kinds)
        {
            command = command.WithNewNamespaces(NamespaceList.Parse(options.Unshare.Name, kinds));
        }

        if (parsed.GetValue(options.HostName) is { } name)
        {
            command = AsTyped(command, options.HostName.Name, name, c => c.WithHostName(name));
        }

        return parsed.GetValue(options.MapRoot) ? command.WithOwnIdentityAs() : command;
    }

    private static Command Credentials(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.User) is { } text)
        {
            var (user, group) = AccountSpec.Parse(options.User.Name, text);
            command = AccountSpec.Number(user) is { } id ? command.WithUser(id) : command.WithUser(user);
            command =
                group is null ? command
                : AccountSpec.Number(group) is { } gid ? command.WithGroup(gid)
                : command.WithGroup(group);
        }

        if (parsed.GetValue(options.Groups) is { } groups)
        {
            var names = groups.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            command = names.All(n => AccountSpec.Number(n) is not null)
                ? command.WithSupplementaryGroups(names.Select(n => AccountSpec.Number(n)!.Value))
                : command.WithSupplementaryGroupNames(names);
        }

        if (parsed.GetValue(options.Cap) is { } capabilities)
        {
            var (list, dropped) = CapabilityList.Parse(options.Cap.Name, capabilities);
            command = dropped ? command.WithoutCapabilities(list) : command.WithCapabilities(list);
        }

        return parsed.GetValue(options.NoNewPrivs) ? command.WithNoNewPrivileges() : command;
    }

    private static Command Scheduling(Command command, ParseResult parsed, RunOptions options)
    {
        if (parsed.GetValue(options.OomScoreAdj) is { } score)
        {
            command = command.WithOomScoreAdjustment(WholeNumber.Parse(options.OomScoreAdj.Name, score, -1000, 1000));
        }

        if (parsed.GetValue(options.IoPrio) is { } io)
        {
            var (priorityClass, level) = PrioritySpec.ParseIo(options.IoPrio.Name, io);
            command = AsTyped(command, options.IoPrio.Name, io, c => c.WithIoPriority(priorityClass, level));
        }

        if (parsed.GetValue(options.Sched) is { } scheduler)
        {
            var (policy, priority) = PrioritySpec.ParsePolicy(options.Sched.Name, scheduler);
            command = AsTyped(command, options.Sched.Name, scheduler, c => c.WithScheduler(policy, priority));
        }

        return command;
    }

    // The library knows its arguments; the user knows the option and what was typed behind it.
    private static Command AsTyped(Command command, string option, string text, Func<Command, Command> apply)
    {
        try
        {
            return apply(command);
        }
        catch (ArgumentException e)
        {
            var end = e.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            var message = (end < 0 ? e.Message : e.Message[..end]).TrimEnd('.');
            throw new UsageException($"{option} {Quote.Value(text)}: {message}", e);
        }
    }
}
