using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>argv arrives as it was given.</summary>
public class ArgumentTests
{
    private static readonly string[] Awkward =
    [
        "",
        " ",
        "two words",
        "\"quoted\"",
        "'single'",
        "back\\slash\\",
        "line\nbreak\r\n",
        "\t",
        "-",
        "--",
        "--help",
        "$HOME `id` $(id) *",
        "ünïcödé 漢字 🍴",
        "\u0001\u007f",
        "",
    ];

    [Fact]
    public void Every_argument_arrives_as_it_was_given()
    {
        var shell = new Command("sh", "-c", "cat /proc/$$/cmdline", "sh").AddArguments(Awkward);
        Assert.Equal(["sh", "-c", "cat /proc/$$/cmdline", "sh", .. Awkward], Capture.Entries(shell));
        Assert.Equal(["-c", "cat /proc/$$/cmdline", "sh", .. Awkward], shell.Arguments);
    }

    [Fact]
    public void The_dummy_sees_the_same_arguments() =>
        Assert.Equal(Awkward, Capture.Entries(new Command(DummyProgram.Executable, ["echo0", .. Awkward])));

    [Fact]
    public void The_first_argument_is_the_program_as_it_was_given_or_what_was_said()
    {
        var cat = new Command("cat", "/proc/self/cmdline");
        Assert.Equal(["cat", "/proc/self/cmdline"], Capture.Entries(cat));
        Assert.Equal(["-login", "/proc/self/cmdline"], Capture.Entries(cat.WithArgumentZero("-login")));
        Assert.Equal(["", "/proc/self/cmdline"], Capture.Entries(cat.WithArgumentZero("")));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused_because_no_byte_stands_for_it()
    {
        var command = new Command("true");
        foreach (var half in new[] { "\ud83c", "\udf74", "x\udf74\ud83cx" })
        {
            Assert.Throws<ArgumentException>(() => new Command(half));
            Assert.Throws<ArgumentException>(() => new Command("true", half));
            Assert.Throws<ArgumentException>(() => command.AddArguments(half));
            Assert.Throws<ArgumentException>(() => command.WithArgumentZero(half));
            Assert.Throws<ArgumentException>(() => command.WithWorkingDirectory(half));
            Assert.Throws<ArgumentException>(() => command.WithEnvironmentVariable("X", half));
            Assert.Throws<ArgumentException>(() => command.WithEnvironmentVariable(half, "x"));
            Assert.Throws<ArgumentException>(() => Stdio.Read(half));
        }

        Assert.Equal("🍴\n", Capture.Text(new Command("echo", "🍴")));
    }
}
