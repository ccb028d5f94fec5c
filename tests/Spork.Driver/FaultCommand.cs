using System.Text.Json.Nodes;
using Spork.Tests.Support;

namespace Spork.Driver;

/// <summary>
/// Starts one kind again and again on a thread that is refused a system call (the child inherits the filter), then
/// on one that is not, and counts what stays behind.
/// </summary>
internal static class FaultCommand
{
    private const int Attempts = 20;

    /// <param name="refusal">
    /// See <see cref="Refusal.Parse"/>. <c>cold,</c> before it: nothing was started before. <c>child,</c> before it: refused
    /// to children only (<see cref="InterpreterAddresses"/>).
    /// </param>
    internal static int Run(string refusal, string kind)
    {
        // The runtime's first hash of several values opens /dev/urandom and keeps it.
        _ = HashCode.Combine(refusal, kind);
        using var work = new FaultKind(kind);
        var cold = refusal.StartsWith("cold,", StringComparison.Ordinal);
        var childOnly = refusal.StartsWith("child,", StringComparison.Ordinal);
        var rule = Refusal.Parse(
            refusal
                .Replace("cold,", "", StringComparison.Ordinal)
                .Replace("child,", "", StringComparison.Ordinal)
                .Replace("ARENA", work.ArenaSize, StringComparison.Ordinal)
        );
        if (!cold)
        {
            new Command("/bin/true").Start().WaitAsync().GetAwaiter().GetResult();
        }

        Refusal[] rules = childOnly
            ? [.. InterpreterAddresses.AfterSyscall().Select(address => rule with { Address = address })]
            : [rule];
        var outcomes = new List<string>();
        ProcessCounts? before = null;
        var cpu = TimeSpan.Zero;
        var thread = new Thread(() =>
        {
            Seccomp.Install(rules);
            outcomes.Add(work.Try());
            before = ProcessCounts.TakeBaseline();
            var used = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < work.Attempts(Attempts); i++)
            {
                outcomes.Add(work.Try());
            }

            cpu = Environment.CpuUsage.TotalTime - used;
        });
        thread.Start();
        thread.Join();
        var left = LeftSoon(before!);
        var result = new JsonObject
        {
            ["outcomes"] = new JsonArray([.. outcomes.Distinct().Select(o => JsonValue.Create(o))]),
            ["failures"] = new JsonArray([
                .. work.Failures.Distinct().Select(f => new JsonObject { ["said"] = f.Said, ["listed"] = f.Listed }),
            ]),
            ["left"] = new JsonArray([.. left.Select(o => JsonValue.Create(o))]),
            ["cpuMilliseconds"] = (int)cpu.TotalMilliseconds,
            ["after"] = After(),
            ["rung"] = SpawnLadder.Current,
        };
        Console.WriteLine(result.ToJsonString());
        return 0;
    }

    // Nothing of the refusal may stick: not on another thread, not on a pool that was filled meanwhile.
    private static string After()
    {
        try
        {
            var one = new Command("/bin/true").Run();
            var two = new Command("/bin/true")
                .StartAsync()
                .AsTask()
                .WaitAsync(TimeSpan.FromSeconds(10))
                .GetAwaiter()
                .GetResult()
                .Wait();
            return $"{one}, {two}";
        }
        catch (Exception e)
        {
            return FaultKind.Describe(e);
        }
    }

    internal static List<string> LeftSoon(ProcessCounts before)
    {
        var deadline = Environment.TickCount64 + 5000;
        while (true)
        {
            var left = Left(before, ProcessCounts.Take());
            if (left.Count == 0 || Environment.TickCount64 > deadline)
            {
                return left;
            }

            Thread.Sleep(10);
        }
    }

    // The refused thread itself was there before and has ended: only what is new counts.
    private static List<string> Left(ProcessCounts before, ProcessCounts after)
    {
        var left = after
            .Descriptors.Where(d => before.Descriptors.GetValueOrDefault(d.Key) != d.Value)
            .Select(d => $"descriptor {d}")
            .ToList();
        left.AddRange(after.Threads.Where(t => !before.Threads.ContainsKey(t.Key)).Select(t => $"thread {t}"));
        left.AddRange(after.Children.Select(c => c.ToString()));
        if (after.Mappings - before.Mappings >= Attempts)
        {
            left.Add($"{after.Mappings - before.Mappings} mappings");
        }

        return left;
    }
}
