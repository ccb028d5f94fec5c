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
    internal static SpawnFailure Failure(Arena arena, CommandOptions options, CompiledCommand compiled, RawExit exit)
    {
        var context = arena.Context;
        var steps = compiled.Program.Steps;
        var index = context->Current;
        var errno = context->Error;
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
                StepIndex = index + 1,
                StepCount = steps.Count,
                KilledBy = exit.Kind == ExitKind.Signaled ? new Signal(exit.Value) : Signal.SIGKILL,
            };
        }

        if (steps[index].IsExec)
        {
            PreferPermission(arena, steps, ref index, ref errno);
        }

        var step = steps[index];
        var notInPath = step.IsExec && options.NeedsPathSearch && errno == Errno.ENOENT.Value;
        return new SpawnFailure(
            options.Program,
            step.Name,
            notInPath ? options.Program : step.Subject,
            SpawnLadder.Name(compiled.Mode.Rung)
        )
        {
            StepIndex = index + 1,
            StepCount = steps.Count,
            Errno = new Errno(errno),
            SubjectIsPath = step.Call is Syscall.chdir or Syscall.openat or Syscall.execve,
            Hint = FailureHint.For(step, new Errno(errno), options, compiled.Inherited),
            ProgramNotFound =
                notInPath
                || (
                    step.IsExec
                    && (
                        FailureHint.CanLook(step.Subject, options)
                            ? !FailureHint.Exists(step.Subject, options)
                            : errno == Errno.ENOENT.Value
                    )
                ),
        };
    }

    // execvp: what was found but may not be run is the better answer than what was not found elsewhere.
    private static void PreferPermission(Arena arena, IReadOnlyList<Step> steps, ref int index, ref int errno)
    {
        for (var i = 0; i < index; i++)
        {
            if (steps[i].IsExec && arena.Slots[Slot.FirstResult + i] == -Errno.EACCES.Value)
            {
                (index, errno) = (i, Errno.EACCES.Value);
                return;
            }
        }
    }
}
