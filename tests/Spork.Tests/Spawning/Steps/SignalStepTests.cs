using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What the child blocks and ignores.</summary>
public class SignalStepTests
{
    [Fact]
    public void A_plain_child_blocks_ignores_and_catches_nothing_though_this_process_does()
    {
        // .NET ignores SIGPIPE and catches SIGINT, SIGCHLD and others.
        var mine = ChildView.Of(File.ReadAllText("/proc/self/status") + File.ReadAllText("/proc/self/stat"));
        Assert.NotEqual(0UL, mine.Ignored & ChildView.Bit(Signal.SIGPIPE));
        Assert.NotEqual(0UL, mine.Caught);
        var child = ChildView.Of(c => c);
        Assert.Equal((0UL, 0UL, 0UL), (child.Blocked, child.Ignored, child.Caught));
    }

    [Fact]
    public void Exactly_the_given_signals_are_blocked()
    {
        var child = ChildView.Of(c => c.WithSignalMask(Signal.SIGTERM, Signal.SIGUSR1, new Signal(32), new Signal(64)));
        var expected =
            ChildView.Bit(Signal.SIGTERM)
            | ChildView.Bit(Signal.SIGUSR1)
            | ChildView.Bit(new Signal(32))
            | ChildView.Bit(new Signal(64));
        Assert.Equal(expected, child.Blocked);
    }

    [Fact]
    public void Every_signal_that_can_be_blocked_and_ignored_is()
    {
        var all = Enumerable.Range(1, 64).Where(n => n is not 9 and not 19).Select(n => new Signal(n)).ToArray();
        var expected = all.Aggregate(0UL, (set, signal) => set | ChildView.Bit(signal));
        var child = ChildView.Of(c => c.WithSignalMask(all).WithIgnoredSignals(all));
        Assert.Equal((expected, expected), (child.Blocked, child.Ignored));
    }

    [Fact]
    public void Exactly_the_given_signals_are_ignored_SIGPIPE_too_if_asked_for()
    {
        var child = ChildView.Of(c => c.WithIgnoredSignals(Signal.SIGHUP, Signal.SIGPIPE));
        Assert.Equal(ChildView.Bit(Signal.SIGHUP) | ChildView.Bit(Signal.SIGPIPE), child.Ignored);
    }

    [Fact]
    public void A_child_that_writes_into_a_pipe_nobody_reads_dies_of_SIGPIPE()
    {
        // yes(1) | head: with SIGPIPE ignored, yes would end with an error instead.
        Assert.Equal(
            "141\n",
            Capture.Text(
                new Command("sh", "-c", "exec 3>&1; { yes; echo $? >&3; } | head -n 1 >/dev/null").WithStandardError(
                    Stdio.Null
                )
            )
        );
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run-async")]
    [InlineData("exec")]
    public void Signals_that_a_helper_inherited_ignored_are_default_in_its_child(string verb) =>
        Assert.Equal(0UL, IgnoredBehindHelper(verb));

    [Theory]
    [InlineData("run")]
    [InlineData("run-async")]
    [InlineData("exec")]
    public void Signals_that_a_helper_inherited_ignored_stay_so_if_asked_but_SIGPIPE_does_not(string verb) =>
        Assert.Equal(
            ChildView.Bit(Signal.SIGHUP) | ChildView.Bit(Signal.SIGUSR2),
            IgnoredBehindHelper(verb, "inherit-signals", "-")
        );

    [Fact]
    public void Given_signals_replace_what_was_inherited_ignored() =>
        Assert.Equal(ChildView.Bit(Signal.SIGWINCH), IgnoredBehindHelper("run", "ignore", "SIGWINCH"));

    private static ulong IgnoredBehindHelper(string verb, params string[] options)
    {
        var helper = new Command(
            DummyProgram.Executable,
            ["spork", verb, .. options, "--", "cat", "/proc/self/status", "/proc/self/stat"]
        );
        var text = Capture.Text(helper.WithIgnoredSignals(Signal.SIGHUP, Signal.SIGUSR2, Signal.SIGPIPE));
        return ChildView.Of(verb == "exec" ? text[(text.IndexOf('\n') + 1)..] : text).Ignored;
    }
}
