using System.Reflection;
using Spork.Tests.Support;

namespace Spork.Tests.House;

/// <summary>No test waits for ever: HangGuard covers all of them, and these show that it does.</summary>
public class TimeoutTests
{
    [Fact]
    public void Every_test_has_a_deadline_from_the_guard_of_the_assembly()
    {
        Assert.Single(typeof(TimeoutTests).Assembly.GetCustomAttributes<HangGuardAttribute>());
        Assert.Contains(
            Directory.GetDirectories("/proc/self/task"),
            task => File.ReadAllText(task + "/comm") == ".NET deadline\n"
        );
    }

    [Fact]
    public void A_deadline_of_a_test_s_own_is_positive_and_under_ten_minutes()
    {
        var own = typeof(TimeoutTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method =>
                (Name: $"{method.DeclaringType}.{method.Name}", method.GetCustomAttribute<DeadlineAttribute>()?.Seconds)
            )
            .Where(found => found.Seconds is not null)
            .ToList();
        Assert.NotEmpty(own);
        Assert.All(own, found => Assert.True(found.Seconds is > 0 and < 600, $"{found.Name}: {found.Seconds} s"));
    }

    [Fact]
    public void A_test_that_hangs_is_reported_with_what_its_threads_do()
    {
        using var reported = new ManualResetEventSlim();
        var report = "";
        using var deadline = new Deadline(
            "Hanging",
            TimeSpan.FromMilliseconds(20),
            text =>
            {
                report = text;
                reported.Set();
            }
        );
        Assert.True(reported.Wait(TimeSpan.FromSeconds(10)));
        Assert.StartsWith("'Hanging' did not end within 00:00:00.0200000.\n", report, StringComparison.Ordinal);
        Assert.Contains($"  {Environment.ProcessId} ", report, StringComparison.Ordinal);
        Assert.Contains("Children:\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_ends_in_time_is_left_alone()
    {
        var expired = false;
        var deadline = new Deadline("Fast", TimeSpan.FromMilliseconds(50), _ => expired = true);
        deadline.Dispose();
        Thread.Sleep(100);
        Assert.False(expired);
    }
}
