namespace Spork.Tests.Support;

/// <summary>Compares two <see cref="ProcessCounts"/> and names everything that stayed behind.</summary>
internal static class Leftovers
{
    /// <summary>Fails when anything that was not there before is there after.</summary>
    /// <param name="before">Its baseline, taken after a warm-up.</param>
    /// <param name="after">Taken after the operations.</param>
    /// <param name="operations">
    /// How many operations lie between. Mappings are the runtime's too (heap, code, stacks), so they are judged only
    /// when the count tells a leak per operation apart from that noise: from 200 operations on.
    /// </param>
    public static void AssertNothingLeft(ProcessCounts before, ProcessCounts after, int operations = 1) =>
        AssertNone(Find(before, after, operations));

    /// <summary>
    /// Looks again for a while before it fails: for threads and children whose end is under way but not awaited.
    /// </summary>
    public static void AssertNothingLeftSoon(ProcessCounts before, int operations = 1) =>
        AssertSoon(() => Find(before, ProcessCounts.Take(), operations));

    /// <summary>
    /// No thread that was not there before, as soon as those that end have ended and the runtime's new ones have their
    /// names: until then such a one has its creator's. For the middle of a test, while what may cost threads stands still.
    /// </summary>
    public static void AssertNoNewThreadsSoon(ProcessCounts before) =>
        AssertSoon(() => NewThreads(before, ProcessCounts.Take()));

    /// <summary>As <see cref="AssertNothingLeft"/>, at once; only threads are looked for again.</summary>
    public static void AssertNothingLeftButThreadsSoon(ProcessCounts before, int operations)
    {
        AssertNone(FindButThreads(before, ProcessCounts.Take(), operations));
        AssertNoNewThreadsSoon(before);
    }

    /// <summary>
    /// Waits until the collector has closed what was forgotten on purpose, all of it: what a frame or a continuation still
    /// saw would be closed in the middle of a later test, which would miss it ("is gone").
    /// </summary>
    public static void WaitUntilForgottenIsClosed(ProcessCounts before) =>
        Waiting.For(
            () =>
            {
                // It overwrites what the library's threads remember of the last one.
                StartAnother();
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return ProcessCounts.Take().Descriptors.Keys.All(before.Descriptors.ContainsKey);
            },
            "what was forgotten to be closed"
        );

    /// <summary>Its baseline, with the library's own threads and descriptors.</summary>
    public static ProcessCounts BeforeForgetting()
    {
        StartAnother();
        return ProcessCounts.TakeBaseline();
    }

    private static void StartAnother()
    {
        using var other = new Command("true").StartAsync().AsTask().GetAwaiter().GetResult();
        other.WaitAsync().GetAwaiter().GetResult();
    }

    internal static IReadOnlyList<string> Find(ProcessCounts before, ProcessCounts after, int operations) =>
        [.. FindButThreads(before, after, operations), .. NewThreads(before, after)];

    private static void AssertSoon(Func<IReadOnlyList<string>> find)
    {
        var deadline = Environment.TickCount64 + 5000;
        while (find().Count > 0 && Environment.TickCount64 < deadline)
        {
            Thread.Sleep(10);
        }

        AssertNone(find());
    }

    private static void AssertNone(IReadOnlyList<string> left) =>
        Assert.True(left.Count == 0, "Left behind:\n  " + string.Join("\n  ", left));

    private static List<string> NewThreads(ProcessCounts before, ProcessCounts after) =>
        [.. after.Threads.Where(t => !before.Threads.ContainsKey(t.Key)).Select(t => $"thread {t.Key} '{t.Value}'")];

    private static List<string> FindButThreads(ProcessCounts before, ProcessCounts after, int operations)
    {
        var left = new List<string>();
        foreach (var (number, target) in after.Descriptors)
        {
            if (before.Descriptors.GetValueOrDefault(number) != target)
            {
                left.Add($"descriptor {number} -> {target}");
            }
        }

        // The other way round as well: a descriptor that was closed is somebody else's.
        foreach (var (number, target) in before.Descriptors)
        {
            if (!after.Descriptors.ContainsKey(number))
            {
                left.Add($"descriptor {number} -> {target} is gone, first seen after {DescriptorHistory.Of(number)}");
            }
        }

        left.AddRange(after.Children.Where(c => before.Children.All(b => b.Id != c.Id)).Select(c => c.ToString()));
        if (operations >= 200 && after.Mappings - before.Mappings >= operations / 2)
        {
            left.Add($"{after.Mappings - before.Mappings} mappings after {operations} operations");
        }

        return left;
    }
}
