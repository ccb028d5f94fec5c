namespace Spork.Tests.Linux;

public class SignalParsingTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigterm", 15)]
    [InlineData(" Term ", 15)]
    [InlineData("15", 15)]
    [InlineData("32", 32)]
    [InlineData("64", 64)]
    [InlineData("IOT", 6)]
    [InlineData("SIGCLD", 17)]
    [InlineData("io", 29)]
    [InlineData("STKFLT", 16)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("RTMIN+0", 34)]
    [InlineData("RTMIN+3", 37)]
    [InlineData("sigrtmin+30", 64)]
    [InlineData("RTMAX", 64)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("RTMAX-30", 34)]
    public void Every_usual_spelling_is_understood(string text, int number)
    {
        Assert.True(Signal.TryParse(text, out var signal));
        Assert.Equal(number, signal.Number);
        Assert.Equal(signal, Signal.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("SIG")]
    [InlineData("SIGSIGTERM")]
    [InlineData("TERMINATE")]
    [InlineData("TE")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-15")]
    [InlineData("+15")]
    [InlineData("1 5")]
    [InlineData("15x")]
    [InlineData("99999999999999999999")]
    [InlineData("signal")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+")]
    [InlineData("RTMIN3")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMAX-31")]
    [InlineData("RTMIN+-1")]
    public void What_is_not_a_signal_is_refused(string? text)
    {
        Assert.False(Signal.TryParse(text, out var signal));
        Assert.Equal(default, signal);
    }

    [Fact]
    public void Every_signal_is_read_back_from_its_name()
    {
        foreach (var signal in Enumerable.Range(1, 64).Where(n => n is not (32 or 33)).Select(n => new Signal(n)))
        {
            Assert.Equal(signal, Signal.Parse(signal.Name));
            Assert.Equal(signal, Signal.Parse(signal.Name["SIG".Length..].ToLowerInvariant()));
        }
    }

    [Fact]
    public void A_wrong_name_is_refused_with_examples_of_right_ones()
    {
        var error = Assert.Throws<FormatException>(() => Signal.Parse("TREM"));
        Assert.Equal(
            "'TREM' is not a signal: use a name (TERM, SIGTERM), a number from 1 to 64, "
                + "or a real-time signal (RTMIN+3, RTMAX-1).",
            error.Message
        );
        Assert.Throws<ArgumentNullException>("text", () => Signal.Parse(null!));
    }
}
