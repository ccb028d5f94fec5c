using System.Diagnostics.CodeAnalysis;
using Spork.Spawning;

namespace Spork;

public sealed partial class Command
{
    /// <summary>
    /// Makes this very process the program, as exec in a shell and as container entry points need it: same pid, parent
    /// and terminal. Does not return. Flush what must be flushed: no finally block, finaliser or exit handler runs.
    /// </summary>
    /// <remarks>
    /// Every step is tried on a thread of its own first to last, so a failure leaves the process as it was, except for a
    /// new session or process group, which cannot be undone.
    /// </remarks>
    /// <exception cref="SpawnException">It could not be done; the process goes on.</exception>
    /// <exception cref="InvalidOperationException">
    /// It is detached, has a cgroup of its own or a pseudo-terminal: nobody would be left at our end.
    /// </exception>
    [DoesNotReturn]
    public void ExecInPlace()
    {
        Testing.CommandDouble.RefuseExecInPlace(this);
        if (_options.Detached || _options.OwnCgroup is not null)
        {
            throw new InvalidOperationException(
                "A detached start and a cgroup of its own are about a child, and in place there is none: leave them out."
            );
        }

        if (_options.Terminal is not null)
        {
            throw new InvalidOperationException(
                "A pseudo-terminal needs somebody at its other end, and this process would be gone: start the program instead."
            );
        }

        if (ReadyRung(reactor: false) == Rung.PosixSpawn)
        {
            throw PosixSpawn.Refusal(_options, "exec in place", _options.Program);
        }

        if (_options.Isolation.NeedingSecondStage is { } option)
        {
            throw Spawning.ExecInPlace.Refusal(_options, option);
        }

        Spawning.ExecInPlace.Run(this);
    }
}
