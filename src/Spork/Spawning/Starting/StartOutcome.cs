using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>Reads how far a child came, once it has let go of the memory it shared, and puts failures into words.</summary>
internal static unsafe class StartOutcome
{
    /// <summary>Whether it became the program. Exact, but only before it is reaped.</summary>
    internal static bool Succeeded(Arena arena, ChildProgram program, Descriptor pidFd) =>
        ReachedExec(arena, program) && Reaper.GotThroughExec(pidFd);

    /// <summary>It called execve and reported no error: it is the program, or was killed inside the call.</summary>
    internal static bool ReachedExec(Arena arena, ChildProgram program)
    {
        var context = arena.Context;
        return context->Error == 0 && context->Current >= 0 && program.Steps[context->Current].IsExec;
    }

    /// <summary>What went wrong in the child.</summary>
    internal static SpawnFailure Failure(
        Arena arena,
        CommandOptions options,
        CompiledCommand compiled,
        RawExit exit,
        SecondStage? stage = null
    )
    {
        var context = arena.Context;
        var steps = compiled.Program.Steps;
        var slots = arena.Slots;
        var before = 0;
        var index = context->Current;
        var errno = context->Error;
        if (stage is not null && errno == 0 && index >= 0 && steps[index].IsExec)
        {
            // It never reports a step of the second stage by a signal: that is somebody else's, inside the first's exec.
            var mapped = stage.Current >= 0;
            if (mapped || exit.Kind == ExitKind.Exited)
            {
                before = steps.Count;
                steps = compiled.Program.Second!.Steps;
                slots = stage.Slots;
                index = mapped ? stage.Current : 0;
                errno = mapped ? stage.Context->Error : StageReport.ErrnoOf(exit.Value).Value;
            }
        }

        if (errno == 0)
        {
            // It did not report: somebody killed it where it was.
            var at = index < 0 ? null : steps[index];
            return new SpawnFailure(
                options.Program,
                at?.Name ?? "start",
                at?.Subject ?? "",
                SpawnLadder.Name(compiled.Mode.Rung)
            )
            {
                StepIndex = before + index + 1,
                StepCount = compiled.Program.StepCount,
                KilledBy = exit.Kind == ExitKind.Signaled ? new Signal(exit.Value) : Signal.SIGKILL,
            };
        }

        if (steps[index].BecomesProgram)
        {
            PreferPermission(slots, steps, ref index, ref errno);
        }

        var step = steps[index];
        var notInPath = step.BecomesProgram && options.NeedsPathSearch && errno == Errno.ENOENT.Value;
        return new SpawnFailure(
            options.Program,
            step.Name,
            notInPath ? options.Program : step.Subject,
            SpawnLadder.Name(compiled.Mode.Rung)
        )
        {
            StepIndex = before + index + 1,
            StepCount = compiled.Program.StepCount,
            Errno = new Errno(errno),
            SubjectIsPath = step.Call is Syscall.chdir or Syscall.chroot or Syscall.openat or Syscall.execve,
            Hint = FailureHint.For(step, new Errno(errno), options, compiled.Inherited),
            ProgramNotFound =
                notInPath
                || (
                    step.BecomesProgram
                    && (
                        FailureHint.CanLook(step.Subject, options)
                            ? !FailureHint.Exists(step.Subject, options)
                            : errno == Errno.ENOENT.Value
                    )
                ),
        };
    }

    // execvp: what was found but may not be run is the better answer than what was not found elsewhere.
    private static void PreferPermission(long* slots, IReadOnlyList<Step> steps, ref int index, ref int errno)
    {
        for (var i = 0; i < index; i++)
        {
            if (steps[i].BecomesProgram && slots[Slot.FirstResult + i] == -Errno.EACCES.Value)
            {
                (index, errno) = (i, Errno.EACCES.Value);
                return;
            }
        }
    }
}
