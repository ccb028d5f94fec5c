namespace Spork.Cli.Run;

/// <summary>How the command ended, and the words for it.</summary>
internal sealed record RunEnding(ExitStatus Status)
{
    public bool TimedOut { get; init; }

    /// <summary>The timeout's signal did not end it.</summary>
    public bool Killed { get; init; }

    public int ExitCode => TimedOut ? ExitCodes.TimedOut : Status.ShellCode;

    /// <summary>An end of the command's own needs no comment.</summary>
    public bool IsWorthALine => TimedOut || Status.Kind == ExitKind.Lost;

    public static string OfCancelledStart(RunPlan plan, Signal? interrupted) =>
        interrupted is { } signal
            ? $"cannot start '{plan.Words[0]}': {signal.Name} arrived before the command ran; see 'spork run --explain'"
            : $"cannot start '{plan.Words[0]}': --timeout {plan.TimeoutText} passed before the command ran: a step was still blocked, or the time is shorter than a start; see 'spork run --explain'";

    public string Describe(RunPlan plan)
    {
        var name = plan.Words[0];
        return Killed && plan.Stop.Grace == TimeSpan.Zero ? $"'{name}' was killed after --timeout {plan.TimeoutText}"
            : Killed ? $"'{name}' outlived {plan.Stop.Signal.Name} after --timeout {plan.TimeoutText} and was killed"
            : TimedOut ? $"'{name}' was ended by {plan.Stop.Signal.Name} after --timeout {plan.TimeoutText}"
            : Status.Kind == ExitKind.Lost
                ? $"the exit status of '{name}' is lost: somebody else reaped it; see 'spork doctor'"
            : Status.Signal is { } signal ? $"'{name}' was ended by {signal.Name}"
            : $"'{name}' ended with exit code {Status.Code}";
    }
}
