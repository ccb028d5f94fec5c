using System.Collections.Immutable;

namespace Spork;

/// <summary>How the programs of a pipeline ended, and what they wrote.</summary>
public sealed class PipelineOutput
{
    private const int LastLines = 10;

    internal PipelineOutput(PipelineStatus status, CapturedOutput output, ImmutableArray<CapturedOutput> errors)
    {
        Status = status;
        StandardOutput = output;
        StandardErrors = errors;
    }

    /// <summary>How each ended.</summary>
    public PipelineStatus Status { get; }

    /// <summary>The last program's standard output.</summary>
    public CapturedOutput StandardOutput { get; }

    /// <summary>Each program's standard error, in the order of the commands.</summary>
    public IReadOnlyList<CapturedOutput> StandardErrors { get; }

    /// <summary>This, if <see cref="PipelineStatus.IsSuccess"/>.</summary>
    /// <exception cref="CommandFailedException">About the first command that failed.</exception>
    public PipelineOutput EnsureSuccess() =>
        Status.FirstFailure is { } failed
            ? throw new CommandFailedException(
                Status.ProgramOf(failed),
                Status.Statuses[failed],
                string.Join('\n', StandardErrors[failed].Lines.TakeLast(LastLines))
            )
            : this;
}
