using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>The leak check must itself be able to fail, for each kind of thing it counts.</summary>
public class LeftoversTests
{
    [Fact]
    public void Nothing_left_is_found_when_nothing_happened()
    {
        var before = ProcessCounts.TakeBaseline();
        Leftovers.AssertNothingLeft(before, ProcessCounts.Take());
    }

    [Fact]
    public void A_descriptor_left_open_is_found_with_its_target()
    {
        var before = ProcessCounts.TakeBaseline();
        using var file = File.OpenHandle("/dev/zero");
        var number = file.DangerousGetHandle();
        Assert.Equal([$"descriptor {number} -> /dev/zero"], Leftovers.Find(before, ProcessCounts.Take(), 1));
    }

    [Fact]
    public void A_descriptor_of_somebody_else_that_was_closed_is_found()
    {
        using var file = File.OpenHandle("/dev/zero");
        var number = file.DangerousGetHandle();
        var before = ProcessCounts.TakeBaseline();
        file.Dispose();
        Assert.StartsWith(
            $"descriptor {number} -> /dev/zero is gone, first seen after ",
            Assert.Single(Leftovers.Find(before, ProcessCounts.Take(), 1)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_thread_left_running_is_found_by_name()
    {
        var before = ProcessCounts.TakeBaseline();
        using var end = new ManualResetEventSlim();
        using var running = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            running.Set();
            end.Wait();
        })
        {
            Name = "left running",
        };
        thread.Start();
        running.Wait();
        Assert.EndsWith(
            "'left running'",
            Assert.Single(Leftovers.Find(before, ProcessCounts.Take(), 1)),
            StringComparison.Ordinal
        );
        end.Set();
        thread.Join();
        Leftovers.AssertNothingLeftSoon(before);
    }

    // A raw child, forked and not waited for by anybody: System.Diagnostics.Process would reap it.
    [Fact]
    public void A_zombie_is_found_and_is_gone_when_it_is_reaped()
    {
        Assert.SkipWhen(
            Environment.ProcessId == 1,
            "NOT TESTED: that a zombie is found: as pid 1 the runtime reaps every child, this one too."
        );
        var before = ProcessCounts.TakeBaseline();
        var child = RawChild.StartAndLeave("/bin/true");
        Assert.True(
            SpinWait.SpinUntil(() => ProcessCounts.Take().Zombies == before.Zombies + 1, TimeSpan.FromSeconds(10))
        );
        var left = Assert.Single(Leftovers.Find(before, ProcessCounts.Take(), 1));
        Assert.StartsWith($"child {child} (", left, StringComparison.Ordinal);
        Assert.EndsWith("state Z", left, StringComparison.Ordinal);
        RawChild.Reap(child);
        Leftovers.AssertNothingLeft(before, ProcessCounts.Take());
    }

    [Fact]
    public void A_mapping_left_by_every_operation_is_found()
    {
        var before = ProcessCounts.TakeBaseline();
        var after = new ProcessCounts
        {
            Descriptors = before.Descriptors,
            Threads = before.Threads,
            Children = before.Children,
            Mappings = before.Mappings + 200,
        };
        Assert.Equal(["200 mappings after 200 operations"], Leftovers.Find(before, after, 200));
        Assert.Empty(Leftovers.Find(before, after, 402));
        Assert.Empty(Leftovers.Find(before, after, 199));
    }
}
