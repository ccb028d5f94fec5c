using System.Collections.Immutable;

namespace Spork;

/// <summary>How the programs of a pipeline ended: every one. Immutable.</summary>
public sealed class PipelineStatus
{
    private readonly ImmutableArray<Command> _commands;

    internal PipelineStatus(ImmutableArray<Command> commands, ImmutableArray<ExitStatus> statuses)
    {
        _commands = commands;
        Statuses = statuses;
    }

    /// <summary>In the order of the commands, as bash's PIPESTATUS.</summary>
    public IReadOnlyList<ExitStatus> Statuses { get; }

    /// <summary>The last command's, as a shell's <c>$?</c> without pipefail.</summary>
    public ExitStatus Last => Statuses[^1];

    /// <summary>
    /// As a shell's <c>$?</c> with pipefail: the rightmost that is no success, else the last. A writer that its reader left
    /// (SIGPIPE) counts, as in a shell.
    /// </summary>
    public ExitStatus PipeFail => Statuses.LastOrDefault(s => !s.IsSuccess) ?? Last;

    /// <summary>
    /// Whether every program succeeded. One before the last that SIGPIPE ended is no failure: its reader had enough, as in
    /// <c>yes | head</c>.
    /// </summary>
    public bool IsSuccess => FirstFailure is null;

    /// <summary>The first command that failed, by the rule of <see cref="IsSuccess"/>, or null.</summary>
    public int? FirstFailure
    {
        get
        {
            for (var i = 0; i < Statuses.Count; i++)
            {
                var wasLeft = i < Statuses.Count - 1 && Statuses[i].Signal == Signal.SIGPIPE;
                if (!Statuses[i].IsSuccess && !wasLeft)
                {
                    return i;
                }
            }

            return null;
        }
    }

    /// <summary>This, if <see cref="IsSuccess"/>.</summary>
    /// <exception cref="CommandFailedException">About the first command that failed.</exception>
    public PipelineStatus EnsureSuccess() =>
        FirstFailure is { } failed ? throw new CommandFailedException(ProgramOf(failed), Statuses[failed], "") : this;

    /// <summary>Each program with its status.</summary>
    public override string ToString() => string.Join(" | ", Statuses.Select((s, i) => $"{_commands[i].Program}: {s}"));

    internal string ProgramOf(int index) => _commands[index].Program;
}
