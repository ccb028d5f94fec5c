using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Ctrl-C typed at a real terminal while Command.Shell runs: script(1) gives the pty.</summary>
public class ShellTerminalTests
{
    public static TheoryData<string> Ways =>
        [
            "run",
            "run-async",
            "run-two-tokens",
            "run-async-two-tokens",
            "capture",
            "capture-async",
            "capture-two-tokens",
            "listen",
            "pipeline",
            "pipeline-async",
            "pipeline-capture",
        ];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Ctrl_C_ends_the_script_the_caller_lives_and_is_ended_by_the_next(string way) =>
        Check(way, "\x03", "killed by SIGINT");

    [Theory]
    [InlineData("run")]
    [InlineData("capture")]
    public void So_does_the_key_for_SIGQUIT(string way) => Check(way, "\x1c", "killed by SIGQUIT");

    // The script says that it is ready to the terminal itself: its output may be captured.
    private static void Check(string way, string key, string status)
    {
        var script = Tools.FindOrSkip("script", "Command.Shell at a terminal");
        const string Sleeping = "ulimit -c 0; echo ready >/dev/tty; exec sleep 50";
        var driver = $"exec '{DriverProgram.Executable}' shell-at-terminal {way} '{Sleeping}'";
        var start = new ProcessStartInfo(script, ["-q", "-e", "-f", "-c", driver, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        using var output = process.StandardOutput;
        using var input = process.StandardInput;
        var screen = "";
        while (output.ReadLine() is { } line)
        {
            screen += line + "\n";
            if (line.Contains("ready", StringComparison.Ordinal))
            {
                input.Write(key);
                input.Flush();
            }
            else if (line.Contains("mine again", StringComparison.Ordinal))
            {
                input.Write('\x03');
                input.Flush();
            }
        }

        process.WaitForExit();
        Assert.Contains($"ended: {status}", screen, StringComparison.Ordinal);
        Assert.Equal((130, true), (process.ExitCode, screen.Contains("mine again", StringComparison.Ordinal)));
    }
}
