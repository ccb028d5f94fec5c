using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Scale;

/// <summary>Many starts at once, each child blocked in open(2) of a FIFO of its own before it can exec.</summary>
internal sealed class BlockedStarts : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _cancellation = new();
    private readonly HashSet<int> _before = [.. ChildEntry.ListOwn().Select(c => c.Id)];

    public BlockedStarts(Command command, int count)
    {
        SkipIfForbidden(count);
        Fifos = [.. Enumerable.Range(0, count).Select(i => Fifo.Create(_directory[$"fifo-{i}"]))];
        Starts = Array.ConvertAll(
            Fifos,
            fifo => command.WithStandardInput(Stdio.Read(fifo)).StartAsync(_cancellation.Token).AsTask()
        );
        Children =
        [
            .. ChildEntry
                .ListOwn()
                .Select(c => c.Id)
                .Where(id => !_before.Contains(id) && OtherProcess.IsOurProgram(id)),
        ];
        Assert.Equal(count, Children.Length);
        Array.ForEach(Children, WaitUntilBlocked);
    }

    public string[] Fifos { get; }

    public Task<ChildProcess>[] Starts { get; }

    public int[] Children { get; }

    public void Cancel() => _cancellation.Cancel();

    /// <summary>Whatever the test did: no child outlives it.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        foreach (var start in Starts)
        {
            try
            {
                using var child = start.GetAwaiter().GetResult();
                child.Kill();
                child.Wait();
            }
            catch (OperationCanceledException)
            {
                // As it should.
            }
        }

        _cancellation.Dispose();
        _directory.Dispose();
    }

    /// <summary>What a child holds: numbers with what is behind them.</summary>
    public static IReadOnlyList<(int Number, string Target)> DescriptorsOf(int child) =>
        [
            .. new DirectoryInfo($"/proc/{child}/fd")
                .GetFileSystemInfos()
                .Select(link => (int.Parse(link.Name, CultureInfo.InvariantCulture), link.LinkTarget ?? "?")),
        ];

    /// <summary>Asleep, and out of the table that it shared with its parent at birth: then it is in open(2).</summary>
    public static void WaitUntilBlocked(int child)
    {
        var waiting = new SpinWait();
        while (!ChildIsAsleep(child) || DescriptorsOf(child).Any(d => d.Number > 2))
        {
            waiting.SpinOnce();
        }
    }

    private static bool ChildIsAsleep(int child)
    {
        var stat = File.ReadAllText($"/proc/{child}/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }

    private static void SkipIfForbidden(int count)
    {
        var limits = File.ReadAllLines("/proc/self/limits");
        Assert.SkipWhen(
            Soft("Max open files") < count + 300,
            $"NOT TESTED: {count} starts at once. RLIMIT_NOFILE is too low."
        );
        Assert.SkipWhen(
            Soft("Max processes") < count + 300,
            $"NOT TESTED: {count} starts at once. RLIMIT_NPROC is too low."
        );

        long Soft(string name)
        {
            var value = limits
                .First(l => l.StartsWith(name, StringComparison.Ordinal))[26..]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            return value == "unlimited" ? long.MaxValue : long.Parse(value, CultureInfo.InvariantCulture);
        }
    }
}
