using Spork.Programs;
using Spork.Testing;

namespace Spork.Spawning;

/// <summary>The exception of a start that a rule lets fail, with the step, the index and the subject that a real one has.</summary>
internal static class DoubleFailure
{
    internal static SpawnException Of(
        Command command,
        StartMode mode,
        Errno errno,
        string? step,
        string? subject = null
    )
    {
        var options = command.Options;
        var via = SpawnLadder.Name(mode.Rung);
        var inherited = InheritedEnvironment.Current();
        var program = CommandCompiler.Compile(options, inherited, mode);
        Step[] steps = [.. program.Steps, .. program.Second?.Steps ?? []];
        if (string.Equals(step, via, StringComparison.Ordinal))
        {
            return new(
                new SpawnFailure(options.Program, via, "a new process", via)
                {
                    StepCount = steps.Length,
                    Errno = errno,
                    Hint = FailureHint.ForClone(errno, options),
                }
            );
        }

        var index = steps.Length - 1;
        while (
            index >= 0
            && !(step is null ? steps[index].IsExec : IsNamed(steps[index], step) && IsAbout(steps[index], subject))
        )
        {
            index--;
        }

        if (index < 0)
        {
            var names = string.Join(", ", steps.Select(s => s.Name).Distinct(StringComparer.Ordinal));
            throw new CommandDoubleException($"'{command}' cannot fail at '{step}'; its steps are: {via}, {names}.");
        }

        var at = steps[index];
        var notInPath = at.IsExec && options.NeedsPathSearch && errno == Errno.ENOENT;
        return new(
            new SpawnFailure(options.Program, at.Name, notInPath ? options.Program : at.Subject, via)
            {
                StepIndex = index + 1,
                StepCount = steps.Length,
                Errno = errno,
                SubjectIsPath = at.Call is Linux.Syscall.chdir or Linux.Syscall.openat or Linux.Syscall.execve,
                // Of a program there would be a look at the disk, where all may be well.
                Hint = at.IsExec ? null : FailureHint.For(at, errno, options, inherited),
                ProgramNotFound = at.IsExec && errno == Errno.ENOENT,
            }
        );
    }

    // Which of several files.
    private static bool IsAbout(Step step, string? subject) =>
        subject is null
        || string.Equals(step.Subject, subject, StringComparison.Ordinal)
        || string.Equals(Quote.ForListing(step.Subject), subject, StringComparison.Ordinal);

    private static bool IsNamed(Step step, string name) => string.Equals(step.Name, name, StringComparison.Ordinal);
}
