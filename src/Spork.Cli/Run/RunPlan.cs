using System.CommandLine;
using Spork.Cli.Syntax;

namespace Spork.Cli.Run;

/// <summary>What one <c>spork run</c> shall do: a <see cref="Spork.Command"/> and how to look after it.</summary>
/// <param name="Command">What is started.</param>
/// <param name="Words">The command as it was typed, for people and reports: see <see cref="RawText.Shown"/>.</param>
internal sealed record RunPlan(Command Command, IReadOnlyList<string> Words)
{
    public TimeSpan? Timeout { get; private init; }

    /// <summary>The timeout as typed, for the error line.</summary>
    public string? TimeoutText { get; private init; }

    /// <summary>How the timeout ends it, and what it reaches.</summary>
    public StopOptions Stop { get; private init; } = StopOptions.Default;

    public bool KillTree => Stop.Reach == StopReach.Tree;

    public bool Detach { get; private init; }

    public bool Exec { get; private init; }

    public bool Explain { get; private init; }

    public bool Json { get; private init; }

    public string? Report { get; private init; }

    /// <summary>The command left the terminal's foreground group: Ctrl-C reaches it only through spork.</summary>
    public bool LeftTheTerminal { get; private init; }

    /// <summary>The command's own terminal.</summary>
    public PseudoTerminal? Terminal { get; private init; }

    /// <summary>Its size follows our window's.</summary>
    public bool FollowsWindow { get; private init; }

    public static RunPlan From(ParseResult parsed, RunOptions options, IReadOnlyList<string> words)
    {
        RunConflicts.Check(parsed, options);
        var timeout = parsed.GetValue(options.Timeout);
        var size = parsed.GetValue(options.Size);
        var terminal = parsed.GetValue(options.Pty)
            ? PseudoTerminal.Open(size is null ? OwnTerminal.Size() : WindowSize.Parse(options.Size.Name, size))
            : null;
        return new RunPlan(RunCommandBuilder.Build(parsed, options, words, terminal), [.. words.Select(RawText.Shown)])
        {
            Terminal = terminal,
            FollowsWindow = size is null,
            Timeout = timeout is null ? null : ParseTimeout(options.Timeout.Name, timeout),
            TimeoutText = timeout,
            Stop = RunStop.From(parsed, options),
            Detach = parsed.GetValue(options.Detach),
            Exec = parsed.GetValue(options.Exec),
            Explain = parsed.GetValue(options.Explain),
            Json = parsed.GetValue(options.Json),
            Report = parsed.GetValue(options.Report),
            LeftTheTerminal =
                terminal is not null
                || parsed.GetValue(options.Session)
                || parsed.GetResult(options.ProcessGroup) is not null,
        };
    }

    private static TimeSpan ParseTimeout(string option, string text) =>
        Duration.Parse(option, text) is { Ticks: > 0 } timeout
            ? timeout
            : throw new UsageException(
                $"{option} {text}: no time to start in; write more, or leave it out to wait for ever"
            );
}
