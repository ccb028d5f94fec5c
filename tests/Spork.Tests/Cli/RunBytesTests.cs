using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>Words that are not UTF-8, which .NET's own Main does not get to see.</summary>
public sealed class RunBytesTests
{
    private const string Hex = "od -An -v -tx1 | tr -d ' \\n'";

    [Theory]
    [InlineData("")]
    [InlineData("posix_spawn")]
    public void They_reach_the_command_as_they_were_typed(string rung) =>
        Promise.Succeeded(
            SporkCli.Shell(
                $"export SPORK_SPAWN={rung}; $SPORK run -- printf '%s|' fine $'a\\xff' $'\\xc3\\xbc\\xf0\\x9f\\x98\\x80\\xfe' '\uFFFD' | {Hex}"
            ),
            Convert.ToHexStringLower([.. "fine|a"u8, 0xff, .. "|ü😀"u8, 0xfe, .. "|\uFFFD|"u8])
        );

    [Theory]
    [InlineData("")]
    [InlineData("posix_spawn")]
    public void They_name_the_program_the_directory_the_streams_and_variables(string rung)
    {
        var run = SporkCli.Shell(
            $$"""
            set -e
            top=$(mktemp -d)
            trap 'rm -r "$top"' EXIT
            export SPORK_SPAWN={{rung}}
            d=$top/$'d\xe9'
            mkdir "$d"
            cp "$(command -v env)" "$d/"$'env\xff'
            printf in > "$d/"$'in\xff'
            env $'GONE\xff=1' $'STAYS\xfe=1' $SPORK run --cwd "$d" --unset-env $'GONE\xff' --env $'N\xff=a\xfe=\xfd' \
                --stdout "$d/"$'out\xff' -- "$d/"$'env\xff' -0
            tr '\0' '\n' < "$d/"$'out\xff' | LC_ALL=C grep -ac $'^N\xff=a\xfe=\xfd$'
            tr '\0' '\n' < "$d/"$'out\xff' | LC_ALL=C grep -ac $'^STAYS\xfe=1$'
            tr '\0' '\n' < "$d/"$'out\xff' | LC_ALL=C grep -ac '^GONE' || true
            $SPORK run --cwd "$d" --fd "3<$d/"$'in\xff' --argv0 $'z\xff' -- \
                bash -c 'cat <&3; printf "|%s" "$PWD" "$0"' $'arg\xff' | {{Hex}}
            echo
            printf 'in|%s|%s' "$d" $'arg\xff' | {{Hex}}
            """
        );
        Assert.Equal("", run.Errors);
        Assert.Equal(0, run.Code);
        var lines = run.Output.Split('\n');
        Assert.Equal(["1", "1", "0"], lines[..3]);
        Assert.Equal(lines[4], lines[3]);
    }

    [Fact]
    public void A_program_that_is_not_there_is_spelled() =>
        Promise.OneErrorLine(SporkCli.Shell("$SPORK run -- $'no\\xff'"), 127, "'no\\xff'");

    [Theory]
    [InlineData("--timeout")]
    [InlineData("--report")]
    [InlineData("--chroot")]
    public void An_option_that_the_tool_reads_itself_refuses_them(string option) =>
        Promise.OneErrorLine(SporkCli.Shell($"$SPORK run {option} $'a\\xff' true"), 125, $"{option}=a\\xff", "--cwd");

    [Fact]
    public void Another_command_refuses_them() =>
        Promise.OneErrorLine(SporkCli.Shell("$SPORK doctor $'a\\xff'"), 2, "argument 2", "'a\\xff'");

    [Fact]
    public void Reports_and_explanations_spell_them()
    {
        using var report = Json(SporkCli.Shell("$SPORK run --report /dev/stdout -- true $'a\\xff'"));
        Assert.Equal("a\\xff", report.RootElement.GetProperty("argv")[1].GetString());

        using var failure = Json(SporkCli.Shell("$SPORK run --report /dev/stdout -- $'/no\\xff' 2> /dev/null"));
        Assert.Equal("/no\\xff", failure.RootElement.GetProperty("failure").GetProperty("subject").GetString());

        using var explained = Json(SporkCli.Shell("$SPORK run --explain --json -- true $'a\\xff'"));
        Assert.Equal("true 'a'$'\\377'''", explained.RootElement.GetProperty("command").GetString());
    }

    private static JsonDocument Json(ToolRun run)
    {
        Assert.Equal("", run.Errors);
        return JsonDocument.Parse(run.Output);
    }
}
