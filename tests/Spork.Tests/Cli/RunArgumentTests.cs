namespace Spork.Tests.Cli;

public class RunArgumentTests
{
    [Fact]
    public void Everything_after_the_command_belongs_to_the_command() =>
        Promise.Succeeded(
            SporkCli.Run("run", "printf", "%s\\n", "--timeout", "bad", "--", "-x", "@file", ""),
            "--timeout\nbad\n--\n-x\n@file\n\n"
        );

    [Fact]
    public void Only_the_first_double_dash_is_spork_s() =>
        Promise.Succeeded(SporkCli.Run("run", "--", "printf", "%s\\n", "--", "a"), "--\na\n");

    [Fact]
    public void A_value_may_look_like_an_option() =>
        Promise.Succeeded(SporkCli.Run("run", "--argv0", "--session", "sh", "-c", "echo $0"), "--session\n");

    [Fact]
    public void A_value_may_hold_equals_signs_and_colons() =>
        Promise.Succeeded(
            SporkCli.Run("run", "--env", "A=b=c:d", "--env=B=x:y=z", "sh", "-c", "echo $A $B"),
            "b=c:d x:y=z\n"
        );
}
