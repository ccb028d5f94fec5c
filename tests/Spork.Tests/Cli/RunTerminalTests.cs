using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

/// <summary>Ctrl-C typed at a real terminal: script(1) gives the pty.</summary>
public class RunTerminalTests
{
    [Fact]
    public void Ctrl_C_ends_the_command_and_spork_follows_with_130()
    {
        var (code, _) = Type("\x03", "sh -c 'echo ready; exec sleep 60'");
        Assert.Equal(130, code);
    }

    [Fact]
    public void Ctrl_C_reaches_the_command_once_and_spork_waits_for_it()
    {
        var (code, screen) = Type(
            "\x03",
            "sh -c 'trap \"echo caught; sleep 0.5; exit 3\" INT; echo ready; while :; do sleep 0.05; done'"
        );
        Assert.Equal(3, code);
        Assert.Single(screen.Split('\n'), line => line.Contains("caught", StringComparison.Ordinal));
    }

    [Fact]
    public void Ctrl_backslash_ends_the_command_and_spork_follows_with_131()
    {
        var (code, _) = Type("\x1c", "--limit core=0 sh -c 'echo ready; exec sleep 60'");
        Assert.Equal(131, code);
    }

    [Fact]
    public void A_command_outside_the_terminal_s_group_gets_Ctrl_C_through_spork()
    {
        var (code, _) = Type("\x03", "--process-group sh -c 'echo ready; exec sleep 60'");
        Assert.Equal(130, code);
    }

    [Fact]
    public void Without_any_terminal_it_runs_all_the_same()
    {
        var setsid = Tools.FindOrSkip("setsid", "spork run without a controlling terminal");
        var run = SporkCli.Shell($"{setsid} -w $SPORK run -- sh -c 'exit 5' </dev/null");
        Assert.Equal((5, "", ""), (run.Code, run.Output, run.Errors));
    }

    /// <summary>Types the key when the command says "ready"; the exit code and everything the screen showed.</summary>
    private static (int Code, string Screen) Type(string key, string words)
    {
        var script = Tools.FindOrSkip("script", "Ctrl-C at a terminal");
        var line = $"{SporkCli.Dotnet} {SporkCli.Dll} run {words}";
        var start = new ProcessStartInfo(script, ["-q", "-e", "-f", "-c", line, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var output = process.StandardOutput;
        var screen = "";
        while (output.ReadLine() is { } shown)
        {
            screen += shown + "\n";
            if (shown.Contains("ready", StringComparison.Ordinal))
            {
                process.StandardInput.Write(key);
                process.StandardInput.Flush();
            }
        }

        process.WaitForExit();
        return (process.ExitCode, screen);
    }
}
