using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Cli;

public class BenchTests
{
    [Fact]
    public void Alone_it_lists_the_benches()
    {
        var run = SporkCli.Run("bench");
        Assert.Equal(0, run.Code);
        Assert.StartsWith("spawn ", run.Output, StringComparison.Ordinal);
        Assert.Contains("\nstreams ", run.Output, StringComparison.Ordinal);
    }

    /// <summary>The programs fail the run if a rival loses a byte, so this shows that none does.</summary>
    [Fact]
    [Deadline(seconds: 180)]
    public void Streams_are_measured_for_every_rival_and_way()
    {
        using var directory = new TempDirectory();
        var file = directory["bench.json"];
        var run = SporkCli.Run("bench", "streams", "--quick", "--rounds", "1", "--json", file);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("load ", run.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("Capture ÷ Process.Start", run.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var figures = json.RootElement.GetProperty("figures").EnumerateArray().ToList();
        Assert.All(figures, figure => Assert.True(figure.GetProperty("us")[0].GetDouble() > 1));
        string[] tasks = ["line", "kilobyte", "bytes", "text", "joined", "relayed"];
        Assert.Equal(
            [6, 6, 6, 6, 2, 4],
            tasks.Select(task => figures.Count(figure => figure.GetProperty("task").GetString() == task))
        );
        Assert.All(
            json.RootElement.GetProperty("goals").EnumerateArray(),
            goal => Assert.NotEqual("not measured", goal.GetProperty("verdict").GetString())
        );
    }

    /// <summary>That it measures, not what: figures of one round under a test runner say nothing.</summary>
    [Fact]
    [Deadline(seconds: 180)]
    public void A_quick_run_prints_and_writes_every_rival_and_goal()
    {
        using var directory = new TempDirectory();
        var file = directory["bench.json"];
        var run = SporkCli.Run("bench", "spawn", "--quick", "--rounds", "1", "--heap", "0,64M", "--json", file);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains($"through {SpawnLadder.Current}", run.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.Contains("start-to-reaped (Run) ÷ Process.Start", run.Output, StringComparison.Ordinal);

        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var rivals = json.RootElement.GetProperty("rivals").EnumerateArray().ToList();
        string[] expected = Tools.Find("cc", "gcc", "clang") is null
            ?
            [
                "Spork",
                "Spork Run",
                "Process.Start",
                "MedallionShell",
                "Spork",
                "Spork Run",
                "Process.Start",
                "MedallionShell",
            ]
            :
            [
                "Spork",
                "Spork Run",
                "vfork",
                "posix_spawn",
                "Process.Start",
                "MedallionShell",
                "Spork",
                "Spork Run",
                "vfork",
                "Process.Start",
                "posix_spawn",
                "MedallionShell",
            ];
        Assert.Equal(expected, rivals.Select(rival => rival.GetProperty("rival").GetString()!));
        Assert.All(rivals, rival => Assert.True(rival.GetProperty("reapedUs")[0].GetDouble() > 1));
        Assert.Equal(6, json.RootElement.GetProperty("goals").GetArrayLength());
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_said_before_measuring() =>
        Promise.OneErrorLine(SporkCli.Run("bench", "spawn", "--json", "/no/such/folder/x"), 2, "--json");

    [Fact]
    public void A_heap_no_machine_has_is_the_answer_no_with_the_reason() =>
        Promise.OneErrorLine(SporkCli.Run("bench", "spawn", "--heap", "99T"), 1, "nothing to measure", "memory");

    [Fact]
    public void A_missing_TMPDIR_is_named() =>
        Promise.OneErrorLine(
            SporkCli.Run(start => start.Environment["TMPDIR"] = "/nonexistent", "bench", "spawn"),
            1,
            "/nonexistent",
            "TMPDIR"
        );

    [Fact]
    [Deadline(seconds: 60)]
    public void Ctrl_C_removes_its_folder()
    {
        using var directory = new TempDirectory();
        using var process = SporkCli.Start(
            start => start.Environment["TMPDIR"] = directory.Path,
            "bench",
            "spawn",
            "--heap",
            "0"
        );
        Assert.True(
            SpinWait.SpinUntil(
                () => Directory.GetDirectories(directory.Path, "spork-bench-*").Length > 0,
                TimeSpan.FromSeconds(20)
            )
        );
        Assert.Equal(0, ToolRun.Of("kill", "-INT", $"{process.Id}").Code);
        Assert.Equal(130, ToolRun.Finish(process).Code);
        Assert.Empty(Directory.GetDirectories(directory.Path, "spork-bench-*"));
    }
}
