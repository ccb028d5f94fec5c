using System.Globalization;

namespace Spork.Dummy;

// A Command from words: one option for each With….
internal static class CommandLine
{
    public static Command Parse(ReadOnlySpan<string> options, ReadOnlySpan<string> program)
    {
        var command = new Command(program[0], program[1..].ToArray());
        for (var i = 0; i + 1 < options.Length; i += 2)
        {
            command = Apply(command, options[i], options[i + 1]);
        }

        return command;
    }

    private static Command Apply(Command command, string option, string value)
    {
        var parts = value.Split(':');
        return option switch
        {
            "cwd" => command.WithWorkingDirectory(value),
            "env" => command.WithEnvironmentVariable(parts[0], parts.Length > 1 ? parts[1] : null),
            "argv0" => command.WithArgumentZero(value),
            "umask" => command.WithUmask((UnixFileMode)Convert.ToInt32(value, 8)),
            "nice" => command.WithNice(Number(value)),
            "affinity" => command.WithAffinity(Number(value)),
            "limit" => command.WithLimit(Enum.Parse<Resource>(parts[0]), Limit(parts[1]), Limit(parts[2])),
            "mask" => command.WithSignalMask(Signal.Parse(value)),
            "ignore" => command.WithIgnoredSignals(Signal.Parse(value)),
            "inherit-signals" => command.WithInheritedSignals(),
            "group" => command.WithProcessGroup(Number(value)),
            "session" => command.WithNewSession(),
            "parent-death" => command.WithParentDeathSignal(Signal.Parse(value)),
            "kill-on-parent-exit" => command.WithKillOnParentExit(),
            "own-cgroup" => command.WithOwnCgroup(required: value == "required"),
            "read" => command.WithDescriptor(Number(parts[0]), Stdio.Read(parts[1])),
            "append" => command.WithDescriptor(Number(parts[0]), Stdio.Append(parts[1])),
            "descriptor" => command.WithDescriptor(Number(parts[0]), Stdio.FromDescriptor(Number(parts[1]))),
            "user" => command.WithUser(uint.Parse(value, CultureInfo.InvariantCulture)),
            "user-name" => command.WithUser(value),
            "gid" => command.WithGroup(uint.Parse(value, CultureInfo.InvariantCulture)),
            "groups" => command.WithSupplementaryGroups(value.Split(',').Select(uint.Parse)),
            "capabilities" => command.WithCapabilities(
                value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Capability>)
            ),
            "without-capability" => command.WithoutCapabilities(Enum.Parse<Capability>(value)),
            "namespaces" => command.WithNewNamespaces(Enum.Parse<Namespaces>(value)),
            "own-identity" => command.WithOwnIdentityAs(uint.Parse(value, CultureInfo.InvariantCulture)),
            "user-map" => command.WithUserMap(
                new IdMap(
                    uint.Parse(parts[0], CultureInfo.InvariantCulture),
                    uint.Parse(parts[1], CultureInfo.InvariantCulture),
                    uint.Parse(parts[2], CultureInfo.InvariantCulture)
                )
            ),
            "chroot" => command.WithRootDirectory(value),
            "oom" => command.WithOomScoreAdjustment(Number(value)),
            "no-new-privs" => command.WithNoNewPrivileges(),
            "scheduler" => command.WithScheduler(Enum.Parse<SchedulingPolicy>(parts[0]), Number(parts[1])),
            "io-priority" => command.WithIoPriority(Enum.Parse<IoPriorityClass>(parts[0]), Number(parts[1])),
            "netns" => command.WithNamespace(File.OpenHandle(value), Namespaces.Network),
            _ => throw new ArgumentException($"unknown option '{option}'", nameof(option)),
        };
    }

    private static int Number(string text) =>
        int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static ulong Limit(string text) =>
        text == "unlimited" ? ulong.MaxValue : ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
