namespace Spork.Tests.Cli;

/// <summary>Where even an error is hard to tell: the exit code stands, and a stack trace is never the answer.</summary>
public class RunShortageTests
{
    [Theory]
    [InlineData("run -- nope 2>/dev/full", 127)]
    [InlineData("run -- nope 2>&-", 127)]
    [InlineData("run -- nope <&- >&- 2>&-", 127)]
    [InlineData("run --timeout 100ms -- sleep 3 2>/dev/full", 124)]
    [InlineData("run --no-such-option 2>/dev/full", 125)]
    [InlineData("doctor --no-such-option 2>/dev/full", 2)]
    public void Stderr_that_cannot_be_written_does_not_cost_the_exit_code(string words, int code) =>
        Assert.Equal(code, SporkCli.Shell($"$SPORK {words}").Code);

    [Fact]
    public void Stderr_in_a_file_keeps_one_line_after_the_other() =>
        Promise.Succeeded(
            SporkCli.Shell(
                "(for i in 1 2; do $SPORK run -- nope; echo other >&2; done) 2>&1 | grep -c -e ^spork -e ^other"
            ),
            "4\n"
        );

    /// <summary>What still loads at how many differs by machine; below some 22 the runtime itself does not start.</summary>
    [Theory]
    [InlineData(40)]
    [InlineData(35)]
    [InlineData(30)]
    [InlineData(26)]
    public void Too_few_descriptors_are_one_line(int descriptors)
    {
        var run = SporkCli.Shell($"ulimit -n {descriptors}; $SPORK run -- nope");
        Promise.OneErrorLine(run, run.Code);
        Assert.Contains(run.Code, (int[])[125, 127]);
    }

    [Fact]
    public void The_caller_s_soft_limit_of_open_files_reaches_the_command_and_the_variable_does_not() =>
        Promise.Succeeded(
            SporkCli.Shell(
                "SPORK_CALLER_NOFILE=256:4096 $SPORK run -- sh -c 'ulimit -Sn; echo ${SPORK_CALLER_NOFILE-gone}'"
            ),
            "256\ngone\n"
        );

    [Fact]
    public void A_limit_that_was_asked_for_wins() =>
        Promise.Succeeded(
            SporkCli.Shell("SPORK_CALLER_NOFILE=256:4096 $SPORK run --limit nofile=100:200 -- sh -c 'ulimit -Sn'"),
            "100\n"
        );
}
