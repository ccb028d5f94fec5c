using System.CommandLine;

namespace Spork.Cli.Run;

/// <summary>Options that contradict each other are refused before anything has happened.</summary>
internal static class RunConflicts
{
    public static void Check(ParseResult parsed, RunOptions options)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

        void Exclude(Option one, Option other, string why)
        {
            if (Given(one) && Given(other))
            {
                throw new UsageException($"{one.Name} and {other.Name} contradict each other: {why}");
            }
        }

        void Require(Option option, Option needed)
        {
            if (Given(option) && !Given(needed))
            {
                throw new UsageException(
                    $"{option.Name} means nothing without {needed.Name}; add it or leave both out"
                );
            }
        }

        Exclude(options.Stdout, options.StdoutAppend, "standard output has one target; keep one of them");
        Exclude(options.Stderr, options.StderrAppend, "standard error has one target; keep one of them");
        Exclude(options.Session, options.ProcessGroup, "the leader of a session leads its group too; keep one of them");
        Exclude(options.Pty, options.ProcessGroup, "the command leads its terminal's session; keep one of them");
        Exclude(options.Pty, options.Session, "--session means no terminal; --pty begins a session of its own");
        Exclude(
            options.Pty,
            options.Exec,
            "after --exec no spork is left at the terminal's other end; keep one of them"
        );
        foreach (var supervision in (Option[])[options.Timeout, options.Report])
        {
            Exclude(options.Exec, supervision, "after --exec no spork is left to watch; keep one of them");
        }

        Option[] secondStage =
        [
            options.User,
            options.Groups,
            options.Cap,
            options.OomScoreAdj,
            options.Chroot,
            options.Unshare,
            options.MapRoot,
            options.HostName,
        ];
        foreach (var option in secondStage)
        {
            Exclude(options.Exec, option, "a failure could not come back to spork; start it as a child");
        }

        Exclude(options.Explain, options.Report, "--explain runs nothing to report; keep one of them");
        Exclude(options.Explain, options.Exec, "--explain runs nothing; keep one of them");
        Require(options.Size, options.Pty);
        Require(options.Json, options.Explain);
        if (!Given(options.KillTree))
        {
            Require(options.Grace, options.Timeout);
            Require(options.StopSignal, options.Timeout);
        }

        Exclude(options.KillTree, options.Exec, "after --exec no spork is left to kill it; keep one of them");
        foreach (
            var attached in (Option[])
                [
                    options.Timeout,
                    options.Report,
                    options.Exec,
                    options.KillTree,
                    options.KillOnParentExit,
                    options.ParentDeathSignal,
                    options.ProcessGroup,
                    options.Pty,
                ]
        )
        {
            Exclude(options.Detach, attached, "a detached command lives on without spork; keep one of them");
        }

        Exclude(
            options.KillOnParentExit,
            options.ParentDeathSignal,
            "the one is the other with KILL; keep one of them"
        );
    }
}
