namespace Spork.Tests.Support;

/// <summary>
/// After which test a descriptor was first there. One that vanishes in the middle of a test was mostly left by another, for a
/// finalizer or a thread of the pool to close: so it was three times before the ends of pipes were found that .NET leaves to
/// the collector (AnonymousPipeServerStream, once its client's handle was asked for).
/// </summary>
internal static class DescriptorHistory
{
    private static readonly Lock Looking = new();
    private static Dictionary<int, (string Target, string Test)> s_seen = [];

    public static void After(string test)
    {
        lock (Looking)
        {
            s_seen = ProcessCounts
                .ReadDescriptors()
                .ToDictionary(
                    d => d.Key,
                    d => s_seen.TryGetValue(d.Key, out var seen) && seen.Target == d.Value ? seen : (d.Value, test)
                );
        }
    }

    public static string Of(int number)
    {
        lock (Looking)
        {
            return s_seen.TryGetValue(number, out var seen) ? seen.Test : "none: in this one";
        }
    }
}
