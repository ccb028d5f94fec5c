namespace Spork.Tests.Spawning.Streams;

/// <summary>What ends a line, where that is not \n.</summary>
public class LineEndingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10%%\\r20%%\\r\\nend\\r", LineEnding.CarriageReturn, "10%|20%|end")]
    [InlineData("a\\r\\n\\r\\nb\\n\\rc", LineEnding.CarriageReturn, "a||b||c")]
    [InlineData("one\\ntwo\\r\\000\\000last", LineEnding.Nul, "one\ntwo\r||last")]
    [InlineData("10%%\\r20%%\\r\\nend\\r", LineEnding.NewLine, "10%\r20%|end\r")]
    [InlineData("", LineEnding.Nul, "")]
    public async Task Lines_end_as_they_are_told_to(string format, LineEnding ending, string expected)
    {
        var printf = new Command("printf", format);
        var relayed = new List<string>();
        await printf.WithStandardOutput(Stdio.ToLines(relayed.Add, ending: ending)).RunAsync(Token);
        Assert.Equal(expected, string.Join('|', relayed));

        var read = new List<string>();
        using var child = printf.WithStandardOutput(Stdio.Pipe).Start(Token);
        await foreach (var line in child.StandardOutput.ReadLinesAsync(ending: ending, cancellationToken: Token))
        {
            read.Add(line);
        }

        Assert.Equal(relayed, read);

        var told = new List<string>();
        await foreach (var e in printf.ListenAsync(ending: ending, cancellationToken: Token))
        {
            told.AddRange(e is StandardOutputCommandEvent { Text: var text } ? [text] : []);
        }

        Assert.Equal(relayed, told);
    }

    // Tyrrrz/CliWrap#99: with lines that end with \n only, a progress bar is one line, at the very end.
    [Fact]
    public async Task A_progress_bar_is_told_while_it_moves()
    {
        // Goes on only when it was heard.
        using var child = new Command("sh", "-c", "printf '1%%\\r'; read a; printf '\\n2%%\\r'; read b")
            .WithStandardInput(Stdio.Pipe)
            .WithStandardOutput(Stdio.Pipe)
            .Start(Token);
        var seen = new List<string>();
        await foreach (
            var line in child.StandardOutput.ReadLinesAsync(ending: LineEnding.CarriageReturn, cancellationToken: Token)
        )
        {
            seen.Add(line);
            await child.StandardInput.WriteAsync("\n"u8.ToArray(), Token);
        }

        Assert.Equal(["1%", "2%"], seen);
    }

    [Fact]
    public void An_ending_that_is_none_is_refused_where_it_is_said() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Stdio.ToLines(_ => { }, ending: (LineEnding)3));
}
