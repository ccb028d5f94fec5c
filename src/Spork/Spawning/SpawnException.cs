using Spork.Programs;
using Spork.Spawning;

namespace Spork;

/// <summary>
/// A program could not be started. Says exactly where it stopped: which step of how many, which system call, about
/// what, with which error. Nothing is left behind: no process, no descriptor.
/// </summary>
public sealed class SpawnException : Exception
{
    internal SpawnException(SpawnFailure failure)
        : base(failure.Message)
    {
        Program = EscapedText.Shown(failure.Program);
        Step = failure.Step;
        StepIndex = failure.StepIndex;
        StepCount = failure.StepCount;
        Errno = failure.Errno;
        Subject = EscapedText.Shown(failure.Subject);
        KilledBy = failure.KilledBy;
        Hint = failure.Hint;
        ProgramNotFound = failure.ProgramNotFound;
        Via = failure.Via;
    }

    /// <summary>What Spork itself needs before its first start was not to be had.</summary>
    internal static SpawnException NotReady(CommandOptions options, SystemCallException cause) =>
        new(
            new SpawnFailure(options.Program, cause.Call, cause.Subject, SpawnLadder.KnownName) { Errno = cause.Errno }
        );

    /// <summary>A script was to be run to its end, and the signals of the keyboard cannot be caught meanwhile.</summary>
    internal static SpawnException NoKeyboard(CommandOptions options, SystemCallException cause) =>
        new(
            new SpawnFailure(options.Program, cause.Call, cause.Subject, SpawnLadder.KnownName)
            {
                Errno = cause.Errno,
                Hint =
                    "while a script runs Ctrl-C is its own, for which .NET needs two descriptors and a thread, once; Start leaves the keyboard alone",
            }
        );

    /// <summary>A cgroup of its own was required, and none can be made.</summary>
    internal static SpawnException NoOwnCgroup(CommandOptions options, SystemCallException cause) =>
        new(
            new SpawnFailure(options.Program, "own cgroup", cause.Subject, SpawnLadder.KnownName)
            {
                Errno = cause.Errno,
                Hint =
                    "a cgroup (v2) below this process's own must be writable, as in a delegated systemd unit or as root; WithOwnCgroup(required: false) goes on without",
            }
        );

    /// <summary>The program that was to be started; a byte that is no UTF-8 as <c>\xff</c>, as in all texts here.</summary>
    public string Program { get; }

    /// <summary>What failed: <c>chdir</c>, <c>open</c>, <c>dup3</c>, <c>execve</c>, <c>clone3</c>, …</summary>
    public string Step { get; }

    /// <summary>
    /// Which step, from 1; 0: before the child existed or ran. <see cref="Command.Explain()"/> numbers them so for
    /// <see cref="Command.Start"/> and <see cref="Command.Run(CancellationToken)"/>; asynchronous starts have two steps
    /// before those (not with a second stage, whose steps are numbered through), and a
    /// gated one has the gate's among them.
    /// </summary>
    public int StepIndex { get; }

    /// <summary>Of how many.</summary>
    public int StepCount { get; }

    /// <summary>The error; zero when the child was killed.</summary>
    public Errno Errno { get; }

    /// <summary>What the step was about: a path, a descriptor, a limit.</summary>
    public string Subject { get; }

    /// <summary>Set when the child was killed from outside before it became the program.</summary>
    public Signal? KilledBy { get; }

    /// <summary>The cause behind the error where it can be told, and what to do next.</summary>
    public string? Hint { get; }

    /// <summary>There is no such program: what a shell says with 127. False where it was found but could not be run.</summary>
    public bool ProgramNotFound { get; }

    /// <summary>How the process was made: <c>clone3</c>, <c>clone</c> or <c>posix_spawn</c>.</summary>
    public string Via { get; }
}
