using System.Text.Json;
using Spork.Tests.Cli;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>
/// Users whose directory is gone, whose streams are closed, whose names are strange, whose disk is full. Which test has
/// what else such a user brings stands in tests/README.md.
/// </summary>
public sealed class HostileUserTests : IDisposable
{
    // Alone with the driver's words: $0 is the driver, $1 the report, $2 an empty directory.
    private const string Everyday = "exec \"$0\" hostile-everyday \"$1\"";

    private readonly TempDirectory _directory = new();

    /// <summary>The place, how a shell makes it, and which standard streams a child inherits there.</summary>
    public static TheoryData<string, string, string> Places =>
        new()
        {
            { "as usual", Everyday, "012" },
            { "a current directory that is gone", $"cd \"$2\" && rmdir \"$2\" && {Everyday}", "012" },
            { "standard input closed", $"{Everyday} <&-", "12" },
            { "standard output and error closed", $"{Everyday} >&- 2>&-", "0" },
            { "all three closed", $"{Everyday} <&- >&- 2>&-", "" },
            { "no HOME", $"unset HOME; {Everyday}", "012" },
            { "a HOME that is not there", $"export HOME=/nonexistent; {Everyday}", "012" },
        };

    public static TheoryData<string> Names =>
        [
            "two words",
            " blanks around ",
            "line\nbreak\n",
            "-n",
            "--help",
            "it's \"quoted\"",
            "back\\slash\\n",
            "$HOME `id` $(id) *",
            "ünïcödé 漢字 🍴",
            "~",
            "%s%n",
            "\u0001\u007f\t",
        ];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    [Deadline(seconds: 180)]
    public void Commands_start_are_captured_piped_and_staged_wherever_the_user_is(
        string place,
        string script,
        string open
    )
    {
        Assert.NotEmpty(place);
        var answer = Ask(script, Directory.CreateDirectory(_directory["empty"]).FullName);
        (string Way, string Outcome)[] expected =
        [
            ("start", "exit code 7"),
            ("asynchronous", "exit code 8"),
            ("capture", "out, err"),
            ("asynchronous capture", "out, err"),
            ("pipe", "text, exit code 0"),
            ("relay", "exit code 0, text"),
            ("pipeline", "a\nb\n"),
            ("second stage", "900\n"),
            ("second stage, inherited streams", "exit code 9"),
            ("directory", "/\n"),
            ("missing program", "execve: ENOENT"),
            ("missing by name", "execve: ENOENT"),
            ("missing directory", "chdir: ENOENT"),
            ("shell", "exit code 6"),
            ("terminal", "exit code 5"),
            // 3 is ls's own, for the listing.
            ("descriptors of a child", "0\n1\n2\n3\n"),
            ("inherited", $"open: {open}\n"),
        ];
        Assert.Equal(expected, expected.Select(e => (e.Way, answer.String(e.Way))));
        Assert.Empty(answer.Strings("left"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    [Deadline(seconds: 180)]
    public void Programs_directories_and_files_have_any_name(string name)
    {
        var here = Directory.CreateDirectory(_directory["here"]).FullName;
        Directory.CreateDirectory(Path.Combine(here, name));
        _directory.Write($"here/{name}/{name}", "#!/bin/sh\nprintf 'run %s' \"$1\"\n", Modes.Everybody);
        _directory.Write($"here/{name}/{name}.in", "input");
        var answer = Ask("cd \"$2\" && exec \"$0\" hostile-names \"$1\" \"$3\"", here, name);
        (string Way, string Outcome)[] expected =
        [
            ("program by path", "run x"),
            ("program by relative path", "run x"),
            ("program by name", "run x"),
            ("directory", $"/{name}\n"),
            ("relative directory", $"/{name}\n"),
            ("input", "input"),
            ("relative input", "input"),
            ("output", "exit code 0: text\n"),
            ("appended", "exit code 0: text\ntext\n"),
            ("relayed", "exit code 0: text\n"),
            ("missing", "open: ENOENT"),
        ];
        Assert.Equal(expected, expected.Select(e => (e.Way, answer.String(e.Way))));
    }

    [Fact]
    public void A_full_disk_is_ENOSPC_of_the_relay_what_fitted_is_kept_and_the_child_is_gone()
    {
        var answer = Ask(OnTinyDisk("a relay to a full disk", "exec \"$0\" hostile-full \"$1\""), MakeMountPoint());
        Assert.Equal("exit code 1", answer.String("the child's own writes"));
        Assert.Equal("write: ENOSPC", answer.String("relay to a file"));
        Assert.True(answer.GetProperty("kept").GetBoolean());
        Assert.StartsWith(
            "IOException: No space left on device",
            answer.String("relay to a stream"),
            StringComparison.Ordinal
        );
        Assert.Equal("", answer.String("children left"));
    }

    /// <summary>The report is new beside the old one, and takes its place: an old one stays whole.</summary>
    [Fact]
    public void A_report_that_a_full_disk_refuses_leaves_the_older_one_as_it_was()
    {
        var script = OnTinyDisk(
            "spork run --report on a full disk",
            "echo old >report; cat /dev/zero >fill 2>/dev/null; $SPORK run --report report -- sh -c 'exit 3'; echo $?; cat report; ls -A"
        );
        var run = ToolRun.Of(
            new System.Diagnostics.ProcessStartInfo("sh", ["-c", script, "sh", "", MakeMountPoint()])
            {
                Environment = { ["SPORK"] = SporkCli.Line },
            }
        );
        Assert.Equal("3\nold\nfill\nreport\n", run.Output);
        Assert.Contains("--report could not be written: ENOSPC (", run.Errors, StringComparison.Ordinal);
    }

    // In a mount namespace of its own: the disk is gone with its last process.
    private static string OnTinyDisk(string notTested, string script)
    {
        RootOnly.Skip(notTested);
        var unshare = Tools.FindOrSkip("unshare", notTested);
        Tools.FindOrSkip("mount", notTested);
        var probe = ToolRun.Of(unshare, "--mount", "sh", "-c", "mount -t tmpfs -o size=64k spork /mnt");
        Assert.SkipWhen(probe.Code != 0, $"NOT TESTED: {notTested}. No tmpfs can be mounted here: {probe.Errors}");
        var inner = Shell.Quote($"mount -t tmpfs -o size=64k spork \"$2\" && cd \"$2\" && {{ {script}; }}");
        return $"exec {unshare} --mount sh -c {inner} \"$0\" \"$@\"";
    }

    private string MakeMountPoint() => Directory.CreateDirectory(_directory["disk"]).FullName;

    private JsonElement Ask(string script, params string[] arguments)
    {
        var report = _directory["report"];
        var run = ToolRun.Of("sh", ["-c", script, DriverProgram.Executable, report, .. arguments]);
        Assert.True(run.Code == 0, $"the driver ended with {run.Code}:\n{run.Output}{run.Errors}");
        return JsonDocument.Parse(File.ReadAllText(report)).RootElement;
    }
}
