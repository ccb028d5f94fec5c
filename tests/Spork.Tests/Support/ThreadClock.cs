using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>What a thread of this process has used; proc_pid_stat(5), proc_pid_status(5).</summary>
internal sealed class ThreadClock
{
    private const double MillisecondsPerTick = 10; // USER_HZ is 100 for every program.

    private readonly string _task;

    public ThreadClock(string name) =>
        _task = Directory
            .GetDirectories("/proc/self/task")
            .Single(task => File.ReadAllText(task + "/comm").TrimEnd('\n') == name);

    /// <summary>In user mode and in the kernel.</summary>
    public double Milliseconds
    {
        get
        {
            var stat = File.ReadAllText(_task + "/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return MillisecondsPerTick * (Number(fields[11]) + Number(fields[12]));
        }
    }

    /// <summary>How often it went to sleep of its own accord.</summary>
    public long Sleeps =>
        Number(
            File.ReadLines(_task + "/status")
                .Single(l => l.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                .Split(':')[1]
                .Trim()
        );

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
