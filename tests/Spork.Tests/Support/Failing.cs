using Spork.Programs;
using Spork.Spawning;

namespace Spork.Tests.Support;

/// <summary>
/// Starts a command that must fail in the child, each way a command can be started, and checks everything that the
/// exception says; then that nothing is left.
/// </summary>
internal static class Failing
{
    private const string ShowStep =
        "NOT TESTED: which step fails. On this machine libc's posix_spawn is used, which only gives an errno.";

    /// <param name="command">The command.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="errno">The error.</param>
    /// <param name="subject">What the step is about.</param>
    /// <param name="call">How Explain() prints the step that fails, or the beginning of it.</param>
    /// <param name="hint">A part of the hint; null if there must be none.</param>
    public static SpawnException Check(
        Command command,
        string step,
        Errno errno,
        string subject,
        string call,
        string? hint = null
    )
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", ShowStep);
        // What is made once and kept, the threads of asynchronous starts and of the pool, is made now.
        Catch(() => command.StartAsync().AsTask().GetAwaiter().GetResult());
        var before = ProcessCounts.TakeBaseline();
        var failure = Catch(() => command.Start());
        CheckOne(failure, command.Explain());
        CheckOne(Catch(() => command.StartAsync().AsTask().GetAwaiter().GetResult()), Explain(command, gated: false));
        CheckOne(Catch(() => ReleaseAtOnce(command)), Explain(command, gated: true));
        Leftovers.AssertNothingLeftSoon(before);
        return failure;

        void CheckOne(SpawnException e, ProgramListing listing)
        {
            Assert.Equal((step, errno, subject, command.Program), (e.Step, e.Errno, e.Subject, e.Program));
            Assert.Equal((listing.Lines.Count, SpawnLadder.Current), (e.StepCount, e.Via));
            var line = listing.Lines[e.StepIndex - 1];
            Assert.Equal(e.StepIndex, line.Index);
            Assert.StartsWith(call, line.Call, StringComparison.Ordinal);
            Assert.Null(e.KilledBy);
            var quoted = step is "chdir" or "chroot" or "open" or "execve" ? Quote.ForListing(subject) : subject;
            var message =
                $"cannot start {Quote.ForMessage(command.Program)}: step {e.StepIndex} of {e.StepCount}, {step}({quoted}): {errno}";
            Assert.Equal(message + (e.Hint is null ? "" : $" — {e.Hint}"), e.Message);
            if (hint is null)
            {
                Assert.Null(e.Hint);
            }
            else
            {
                Assert.Contains(hint, e.Hint, StringComparison.Ordinal);
            }
        }
    }

    private static ProgramListing Explain(Command command, bool gated) =>
        command.Explain(new StartMode(Asynchronous: true, gated, SpawnLadder.Rung));

    private static SpawnException Catch(Action start) => Assert.Throws<SpawnException>(start);

    private static void ReleaseAtOnce(Command command)
    {
        using var gated = command.StartGated();
        gated.Release();
    }
}
