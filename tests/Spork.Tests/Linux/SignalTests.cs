using Spork.Tests.Support;

namespace Spork.Tests.Linux;

public class SignalTests
{
    [Fact]
    public void Every_standard_signal_has_the_name_that_glibc_gives_it()
    {
        var lines = CProbe.RunText(
            ["signal.h", "string.h"],
            """    for (int i = 1; i < 32; i++) printf("%d SIG%s\n", i, sigabbrev_np(i));""" + "\n",
            "signal names against glibc's sigabbrev_np"
        );
        Assert.Equal(lines, Enumerable.Range(1, 31).Select(n => $"{n} {new Signal(n).Name}"));
    }

    [Fact]
    public void Every_signal_has_the_text_that_glibc_gives_it()
    {
        var lines = CProbe.RunText(
            ["signal.h", "string.h"],
            """    for (int i = 1; i <= 64; i++) printf("%d %s\n", i, strsignal(i));""" + "\n",
            "signal texts against glibc's strsignal"
        );
        Assert.Equal(lines, Enumerable.Range(1, 64).Select(n => $"{n} {new Signal(n).Description}"));
    }

    [Fact]
    public void Every_named_constant_has_the_number_of_signal_h() =>
        NamedConstants.AssertAsIn<Signal>("signal.h", s => s.Number, fewest: 34);

    [Fact]
    public void A_number_outside_1_to_64_is_refused()
    {
        foreach (var number in new[] { int.MinValue, -1, 0, 65, int.MaxValue })
        {
            Assert.Throws<ArgumentOutOfRangeException>("number", () => new Signal(number));
        }
    }

    [Fact]
    public void The_two_signals_that_glibc_keeps_have_a_number_for_a_name()
    {
        Assert.Equal("signal 32", new Signal(32).Name);
        Assert.Equal("signal 33", new Signal(33).Name);
        Assert.Equal("SIGRTMIN", new Signal(34).Name);
        Assert.Equal("SIGRTMIN+1", new Signal(35).Name);
        Assert.Equal("SIGRTMIN+29", new Signal(63).Name);
        Assert.Equal("SIGRTMAX", new Signal(64).Name);
    }

    [Fact]
    public void Equality_is_by_number()
    {
        Assert.True(Signal.SIGIO == Signal.SIGPOLL);
        Assert.True(Signal.SIGIO != Signal.SIGTERM);
        Assert.True(new Signal(15).Equals((object)Signal.SIGTERM));
        Assert.False(new Signal(15).Equals((object)15));
        Assert.Equal(new Signal(15).GetHashCode(), Signal.SIGTERM.GetHashCode());
    }
}
