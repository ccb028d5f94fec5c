using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A quoted word arrives as it was, in every shell there is here.</summary>
public class ShellQuoteTests
{
    private static readonly string[] Hostile =
    [
        "",
        " ",
        "-",
        "'",
        "''",
        "\\",
        "\\'",
        "\n",
        "a\nb",
        "$(id)",
        "`id`",
        "$HOME",
        "*",
        "~",
        "a=b",
        "if",
        "!",
        "!!",
        "#",
        "\t",
        "\r",
        "é☃😀",
        "{a,b}",
        ";",
        "&",
        "\x7f",
    ];

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    public void Any_string_arrives_as_it_was(string shell)
    {
        var path = Tools.FindOrSkip(shell, $"quoting for {shell}");
        var gen = Gen.Elements(Hostile)
            .Or(ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => s.Get))
            .Where(IsText);
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(150),
            Prop.ForAll(
                Arb.From(gen.ListOf(12)),
                words =>
                {
                    var script = $"printf '%s\\0' {string.Join(' ', words.Select(Shell.Quote))}";
                    Assert.Equal(words, Capture.Entries(new Command(path, "-c", "--", script)));
                }
            )
        );
    }

    [Theory]
    [InlineData("dash")]
    [InlineData("bash")]
    public void Any_bytes_arrive_as_they_were(string shell)
    {
        var path = Tools.FindOrSkip(shell, $"quoting for {shell}");
        byte[] bytes = [.. Enumerable.Range(1, 255).Select(b => (byte)b), .. "''\\'"u8];
        using var directory = new TempDirectory();
        byte[] script = [.. "printf %s "u8, .. Shell.Quote(bytes)];
        using var child = Posix.Spawn(
            path,
            new SpawnFileActions().AddOpen(1, directory["out"], 0x241, 0x1A0),
            null,
            ["sh", "-c", script]
        );
        Assert.True(child.Wait().IsSuccess);
        Assert.Equal(bytes, File.ReadAllBytes(directory["out"]));
    }

    [Fact]
    public void A_NUL_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Shell.Quote("a\0b"));
        Assert.Throws<ArgumentException>(() => Shell.Quote("a\0b"u8));
    }

    private static bool IsText(string value) =>
        !value.Contains('\0') && Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) == value;
}
