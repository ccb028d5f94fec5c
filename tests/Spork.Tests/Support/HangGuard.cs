using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Spork.Tests.Support.HangGuard]

namespace Spork.Tests.Support;

/// <summary>
/// Gives every test of the assembly a deadline. xunit's own Timeout works for asynchronous tests only and cannot end
/// a thread that sits in a system call, which is how a spawning library hangs. When the deadline passes, what every
/// thread and child is doing goes to stderr and the process ends: a run that stops is better than one that waits.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class HangGuardAttribute : BeforeAfterTestAttribute
{
    private static readonly bool s_traced = Tracer.IsAttachedToUs();

    private readonly ConcurrentDictionary<string, Deadline> _running = new(StringComparer.Ordinal);

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var limit = methodUnderTest.GetCustomAttribute<DeadlineAttribute>()?.Limit ?? Deadline.Usual;
        // Two stops for each call, and one tracer for all processes: 2,000 children take minutes under strace -f.
        limit *= s_traced ? 10 : 1;
        _running[test.UniqueID] = new Deadline(test.TestDisplayName, limit, Environment.FailFast);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var deadline))
        {
            deadline.Dispose();
        }

        DescriptorHistory.After(test.TestDisplayName);
    }
}

/// <summary>A longer (or shorter) deadline for a test that needs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeadlineAttribute(int seconds) : Attribute
{
    public int Seconds => seconds;

    public TimeSpan Limit => TimeSpan.FromSeconds(seconds);
}
