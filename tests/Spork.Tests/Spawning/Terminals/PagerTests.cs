using Spork.Tests.Support;

namespace Spork.Tests.Spawning.Terminals;

/// <summary>A pager at the library's own terminal; RunTmuxTests has it under the tool, in a window that is drawn.</summary>
public class PagerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Less_scrolls_redraws_after_a_resize_searches_and_quits()
    {
        var less = Tools.FindOrSkip("less", "a pager at a pseudo-terminal");
        using var directory = new TempDirectory();
        var file = directory.Write("file", string.Concat(Enumerable.Range(1, 500).Select(i => $"this is line {i}\n")));

        // -G: what was found is not marked, which would stand between the words.
        using var child = new Command(less, "-G", file)
            .WithEnvironmentVariable("TERM", "xterm")
            .WithEnvironmentVariable("LESS", null)
            .WithEnvironmentVariable("LESSOPEN", null)
            .StartInTerminal(new TerminalSize(24, 80), Token);
        var screen = new Screen(child.Terminal!);
        var first = await screen.WaitForAsync("this is line 23");
        Assert.Contains("this is line 1\r\n", first, StringComparison.Ordinal);
        Assert.Equal((false, false), (child.Terminal!.IsCanonical, child.Terminal.Echo));
        await screen.TypeAsync(" ");
        await screen.WaitForAsync("this is line 46");
        await screen.TypeAsync("G");
        await screen.WaitForAsync("this is line 500");
        await screen.TypeAsync("g");
        Assert.DoesNotContain("line 24\r\n", await screen.WaitForAsync("this is line 23"), StringComparison.Ordinal);
        child.Terminal.Resize(40, 80);
        await screen.WaitForAsync("this is line 39");
        await screen.TypeAsync("/line 77\n");
        await screen.WaitForAsync("this is line 77");
        await screen.TypeAsync("q");
        await screen.ReadToEndAsync();
        Assert.Equal(0, (await child.WaitAsync(Token)).Code);
    }
}
