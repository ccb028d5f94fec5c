namespace Spork.Tests.Cli;

/// <summary>Bad input gets one clear line, and nothing is run.</summary>
public class RunUsageTests
{
    [Theory]
    [InlineData("--timeout 5", "500ms")]
    [InlineData("--timeout 1.5.2s", "not a duration")]
    [InlineData("--timeout -1s", "not a duration")]
    [InlineData("--timeout 1e3s", "not a duration")]
    [InlineData("--timeout s", "not a duration")]
    [InlineData("--timeout 99999999999999999999d", "24 days")]
    [InlineData("--timeout 1s --kill-after soon", "--kill-after soon")]
    [InlineData("--limit nofile", "NAME=SOFT")]
    [InlineData("--limit foo=1", "there is no limit 'foo'")]
    [InlineData("--limit nofile=1K", "1K is not a count")]
    [InlineData("--limit as=1X", "not a size")]
    [InlineData("--limit as=-1", "not a size")]
    [InlineData("--limit as=99999999P", "64 bits")]
    [InlineData("--limit as=2G:1G", "above the hard limit")]
    [InlineData("--limit as=1:2:3", "too many values")]
    [InlineData("--cpus 3-1", "1-3")]
    [InlineData("--cpus 0,,1", "not a list")]
    [InlineData("--cpus 99999", "from 0 to 8191")]
    [InlineData("--cpus 2147483648", "from 0 to 8191")]
    [InlineData("--cpus 0-99999999999999999999", "from 0 to 8191")]
    [InlineData("--cpus 99999999999999999999-1", "from 0 to 8191")]
    [InlineData("--cpus -1", "not a list")]
    [InlineData("--limit as=99999999999999999999", "64 bits")]
    [InlineData("--limit nofile=99999999999999999999", "64 bits")]
    [InlineData("--limit nofile=1 --limit nofile=2", "given twice")]
    [InlineData("--timeout 0s", "no time to start in")]
    [InlineData("--timeout 0.00000001s", "no time to start in")]
    [InlineData("--cwd=", "the value is empty")]
    [InlineData("--fd 9=inherit", "9 is not open here")]
    [InlineData("--umask 999", "octal")]
    [InlineData("--umask 1000", "octal")]
    [InlineData("--nice 20", "from -20 to 19")]
    [InlineData("--nice -21", "from -20 to 19")]
    [InlineData("--fd 3", "N=M")]
    [InlineData("--fd x=1", "N=M")]
    [InlineData("--fd -1=null", "N=M")]
    [InlineData("--fd 3=777", "777 is not open here")]
    [InlineData("--fd 3>", "no file")]
    [InlineData("--fd 3=null --fd 3=closed", "both set descriptor 3")]
    [InlineData("--stdout null --fd 1=null", "both set descriptor 1")]
    [InlineData("--stdout a --stdout-append b", "contradict")]
    [InlineData("--stdout-append null", "./null")]
    [InlineData("--env NAME", "not NAME=VALUE")]
    [InlineData("--env =x", "not NAME=VALUE")]
    [InlineData("--unset-env A=B", "not a variable's name")]
    [InlineData("--ignore-signal SIGNOPE", "not a signal")]
    [InlineData("--block-signal 65", "not a signal")]
    [InlineData("--process-group=-1", "from 0")]
    [InlineData("--session --process-group", "contradict")]
    [InlineData("--exec --timeout 1s", "contradict")]
    [InlineData("--exec --report x", "contradict")]
    [InlineData("--explain --report x", "contradict")]
    [InlineData("--kill-after 1s", "--timeout")]
    [InlineData("--json", "--explain")]
    [InlineData("--cwd a --cwd b", "--cwd")]
    [InlineData("--no-such-option", "--no-such-option")]
    [InlineData("--report /no/such/folder/report", "--report")]
    [InlineData("--report /tmp", "is a directory")]
    public void Bad_input_is_one_line_and_125(string options, string part) =>
        Promise.OneErrorLine(SporkCli.Run(["run", .. options.Split(' '), "--", "sh", "-c", "echo it ran"]), 125, part);

    [Fact]
    public void An_option_without_its_value_is_named() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--cwd"), 125, "--cwd needs a value");

    [Fact]
    public void A_missing_command_is_said() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--session"), 125, "no command given");

    [Fact]
    public void An_empty_command_is_said() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--", ""), 125, "the command is empty");

    [Theory]
    [InlineData("--cwd")]
    [InlineData("--env")]
    [InlineData("--report")]
    public void An_empty_value_is_said(string option) =>
        Promise.OneErrorLine(SporkCli.Run("run", option, "", "true"), 125, option, "the value is empty");

    [Fact]
    public void The_replacement_character_itself_is_passed_on() =>
        Promise.Succeeded(SporkCli.Run("run", "echo", "a\uFFFD"), "a\uFFFD\n");

    [Fact]
    public void The_usage_line_has_options_before_the_command()
    {
        var run = SporkCli.Run("run", "--help");
        Assert.Contains("spork run [options] [--] CMD [ARG…]\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newline_in_a_name_does_not_break_the_line() =>
        Promise.OneErrorLine(SporkCli.Run("run", "--", "two\nlines"), 127, "two");

    [Theory]
    [InlineData("no-such-command", "no-such-command")]
    [InlineData("doctor --no-such-option", "'spork doctor --help'")]
    [InlineData("bench spawn --no-such-option", "'spork bench spawn --help'")]
    [InlineData("bench no-such-bench", "no-such-bench")]
    [InlineData("bench spawn --heap 1Q", "not a size")]
    [InlineData("bench spawn --rounds 0", "from 1")]
    public void Bad_usage_of_another_command_ends_2(string words, string part) =>
        Promise.OneErrorLine(SporkCli.Run(words.Split(' ')), 2, part);
}
