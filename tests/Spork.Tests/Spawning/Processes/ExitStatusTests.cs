using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>How a child ended, exactly.</summary>
public class ExitStatusTests
{
    [Fact]
    public async Task Every_exit_code_arrives_both_ways()
    {
        for (var code = 0; code < 256; code++)
        {
            var command = new Command("sh", "-c", $"exit {code}");
            foreach (var status in new[] { command.Run(), await command.RunAsync() })
            {
                Assert.Equal(
                    (ExitKind.Exited, code, code, null),
                    (status.Kind, status.Code, status.ShellCode, status.Signal)
                );
                Assert.Equal(
                    (code == 0, false, $"exit code {code}"),
                    (status.IsSuccess, status.CoreDumped, status.ToString())
                );
            }
        }
    }

    [Fact]
    public void Every_deadly_signal_arrives()
    {
        foreach (var number in new[] { 1, 2, 3, 6, 9, 10, 13, 14, 15, 24, 31, 34, 64 })
        {
            // No core files in the directory of the tests.
            var status = new Command("sh", "-c", $"kill -{number} $$")
                .WithLimit(Resource.CoreSize, 0)
                .WithStandardError(Stdio.Null)
                .Run();
            Assert.Equal(
                (ExitKind.Signaled, null, number, 128 + number),
                (status.Kind, status.Code, status.Signal?.Number, status.ShellCode)
            );
            Assert.Equal((false, $"killed by {new Signal(number).Name}"), (status.IsSuccess, status.ToString()));
        }
    }

    [Fact]
    public void A_core_dump_is_told()
    {
        using var directory = new TempDirectory();
        var abort = new Command("sh", "-c", "kill -ABRT $$")
            .WithWorkingDirectory(directory.Path)
            .WithStandardError(Stdio.Null);
        Assert.False(abort.WithLimit(Resource.CoreSize, 0).Run().CoreDumped);
        var pattern = File.ReadAllText("/proc/sys/kernel/core_pattern");
        var hard = File.ReadLines("/proc/self/limits")
            .Single(l => l.StartsWith("Max core", StringComparison.Ordinal))
            .Contains("unlimited  ", StringComparison.Ordinal);
        Assert.SkipWhen(
            pattern[0] is '|' or '/' || !hard,
            $"NOT TESTED: the core flag. Cores go to '{pattern.Trim()}', or are limited."
        );
        var status = abort.WithLimit(Resource.CoreSize, ulong.MaxValue).Run();
        Assert.Equal(
            (Signal.SIGABRT, true, "killed by SIGABRT (core dumped)"),
            (status.Signal, status.CoreDumped, status.ToString())
        );
    }

    [Fact]
    public void Usage_and_times_are_plausible()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        using var child = new Command("sh", "-c", "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done").Start();
        var started = clock.Elapsed;
        var status = child.Wait();
        var all = clock.Elapsed;
        Assert.InRange(child.StartDuration, TimeSpan.FromTicks(1), started);
        Assert.InRange(status.Elapsed, child.StartDuration, all);
        Assert.InRange(child.StartTime, DateTimeOffset.UtcNow - all - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow);
        var usage = status.Usage!;
        Assert.InRange(
            usage.UserTime + usage.SystemTime,
            TimeSpan.FromMilliseconds(1),
            all + TimeSpan.FromMilliseconds(20)
        );
        Assert.InRange(usage.MaxResidentBytes, 100_000, 1L << 34);
        Assert.True(usage.MinorFaults > 0);
        Assert.True(usage.VoluntarySwitches + usage.InvoluntarySwitches >= 0);
    }

    [Fact]
    public async Task An_asynchronous_start_has_its_duration_too()
    {
        using var child = await new Command("true").StartAsync();
        Assert.True(child.StartDuration > TimeSpan.Zero);
        Assert.True((await child.WaitAsync()).Elapsed >= child.StartDuration);
    }

    [Fact]
    public void A_signal_after_the_end_says_false()
    {
        using var child = new HeldChild(0);
        Assert.True(child.Process.SendSignal(Signal.SIGCONT));
        Assert.True(child.Process.SendSignal(Signal.SIGTERM));
        Assert.Equal(Signal.SIGTERM, child.Process.Wait().Signal);
        Assert.False(child.Process.SendSignal(Signal.SIGTERM));
        Assert.False(child.Process.Kill());
        child.Process.Dispose();
        Assert.False(child.Process.Kill());
    }
}
