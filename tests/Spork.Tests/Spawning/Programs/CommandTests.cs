using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>A Command is a value: it never changes and may be used by anybody at any time.</summary>
public class CommandTests
{
    [Fact]
    public void Every_With_leaves_the_command_it_was_called_on_as_it_was()
    {
        var command = new Command("cat", "/proc/self/cmdline");
        var before = command.Explain().ToString();
        using var directory = new TempDirectory();
        using var handle = Directories.Open(directory.Path);
        Command[] others =
        [
            command.WithArguments("x"),
            command.AddArguments("x"),
            command.WithArgumentZero("x"),
            command.WithoutPathSearch(),
            command.WithWorkingDirectory("/"),
            command.WithWorkingDirectory(handle),
            command.WithEnvironmentVariable("X", "1"),
            command.WithEnvironment([]),
            command.WithStandardInput(Stdio.Null),
            command.WithStandardOutput(Stdio.Null),
            command.WithStandardError(Stdio.Null),
            command.WithDescriptor(9, Stdio.Null),
            command.WithSignalMask(Signal.SIGTERM),
            command.WithIgnoredSignals(Signal.SIGTERM),
            command.WithInheritedSignals(),
            command.WithNewSession(),
            command.WithProcessGroup(),
            command.WithParentDeathSignal(Signal.SIGTERM),
            command.WithUmask(UnixFileMode.OtherRead),
            command.WithNice(5),
            command.WithAffinity(0),
            command.WithLimit(Resource.CoreSize, 0),
            command.WithCgroup("/x"),
            command.WithCgroup(handle),
        ];
        Assert.All(others, other => Assert.NotSame(command, other));
        Assert.Equal(before, command.Explain().ToString());
    }

    [Fact]
    public void The_array_an_argument_came_in_may_be_changed_afterwards()
    {
        string[] arguments = ["before"];
        var command = new Command("echo", arguments);
        arguments[0] = "after";
        Assert.Equal("before\n", Capture.Text(command));
    }

    [Fact]
    public async Task One_command_is_started_by_many_threads_at_once_both_ways()
    {
        var command = new Command("sh", "-c", "exit 7");
        var runs = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? Task.Run(() => command.Run()) : command.RunAsync());
        Assert.All(await Task.WhenAll(runs), status => Assert.Equal(7, status.Code));
    }

    [Fact]
    public void A_token_cancelled_before_starts_nothing()
    {
        using var directory = new TempDirectory();
        var command = new Command("true").WithDescriptor(5, Stdio.Write(directory["made"]));
        var cancelled = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => command.Start(cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            command.StartAsync(cancelled).AsTask().GetAwaiter().GetResult()
        );
        Assert.ThrowsAny<OperationCanceledException>(() => command.Run(cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => command.RunAsync(cancelled).GetAwaiter().GetResult());
        Assert.False(File.Exists(directory["made"]));
    }

    [Theory]
    [InlineData("plain-word_1.2/3:4,5=6@7%+", "plain-word_1.2/3:4,5=6@7%+")]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("~", "'~'")]
    [InlineData("$x", "'$x'")]
    [InlineData("a\nb", "'a\nb'")]
    public void ToString_quotes_as_a_shell_reads(string argument, string quoted)
    {
        var command = new Command("printf", "%s", argument);
        Assert.Equal($"printf %s {quoted}", command.ToString());
        Assert.Equal(argument, Capture.Text(new Command("sh", "-c", command.ToString())));
    }

    [Theory]
    [InlineData("x=1", "'x=1' --x=1")]
    [InlineData("1", "1 --x=1")]
    [InlineData("if", "'if' --x=1")]
    [InlineData("./if", "./if --x=1")]
    public void ToString_quotes_what_only_the_first_word_may_not_be(string program, string line) =>
        Assert.Equal(line, new Command(program, "--x=1").ToString());
}
