using Spork.Programs;

namespace Spork.Spawning;

/// <summary>The facts of a <see cref="SpawnException"/>, and the one place that puts them into words.</summary>
internal sealed record SpawnFailure(string Program, string Step, string Subject, string Via)
{
    internal int StepIndex { get; init; }

    internal int StepCount { get; init; }

    internal Errno Errno { get; init; }

    internal bool SubjectIsPath { get; init; }

    internal Signal? KilledBy { get; init; }

    internal string? Hint { get; init; }

    internal bool ProgramNotFound { get; init; }

    internal string Message
    {
        get
        {
            var subject = SubjectIsPath ? Quote.ForListing(Subject) : Subject;
            var place = StepIndex == 0 ? "" : $"step {StepIndex} of {StepCount}, ";
            var what = KilledBy is { } signal
                ? $"killed by {signal.Name} {(StepIndex == 0 ? "before its first step" : "at")} {place}{Step}({subject})"
                : $"{place}{Step}({subject}): {Errno}";
            return EscapedText.Shown(
                $"cannot start {Quote.ForMessage(Program)}: {what}{(Hint is null ? "" : $" — {Hint}")}"
            );
        }
    }
}
