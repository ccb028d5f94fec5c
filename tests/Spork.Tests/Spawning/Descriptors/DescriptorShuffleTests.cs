using FsCheck;
using FsCheck.Fluent;
using Microsoft.Win32.SafeHandles;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>
/// Random maps of targets to sources against a model of one line: each number has what was said, nothing else is open.
/// The child, sleep(1), is looked at from outside: reading its own table would change it.
/// </summary>
public sealed class DescriptorShuffleTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly SafeFileHandle[] _sources;

    public DescriptorShuffleTests() =>
        _sources = [
            .. Enumerable.Range(0, Shuffle.Sources).Select(i => File.OpenHandle(_directory.Write($"source{i}", ""))),
        ];

    public void Dispose()
    {
        foreach (var source in _sources)
        {
            source.Dispose();
        }

        _directory.Dispose();
    }

    [Fact]
    [Deadline(seconds: 240)]
    public void Any_map_of_descriptors_arrives_exactly_and_nothing_else_does()
    {
        for (var i = 0; i < Shuffle.Sources; i++)
        {
            _directory.Write($"file{i}", "");
        }

        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(Shuffle.Any, Arrives));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void A_cycle_of_every_length_arrives(int length)
    {
        var entries = Enumerable
            .Range(0, length)
            .Select(i => new Entry(Shuffle.SourceTarget + i, What.Number, (i + 1) % length))
            .ToArray();
        Assert.Equal("", Difference(entries, asynchronous: false));
        Assert.Equal("", Difference(entries, asynchronous: true));
    }

    private void Arrives(Entry[] entries) =>
        Assert.Equal("", Difference(entries, asynchronous: entries.Length % 2 == 0));

    private string Difference(Entry[] entries, bool asynchronous)
    {
        var command = new Command("sleep", "1000");
        var expected = Inheritable().Where(d => d.Key <= 2).ToDictionary();
        foreach (var entry in entries)
        {
            var number =
                entry.Target < Shuffle.SourceTarget ? entry.Target : Number(entry.Target - Shuffle.SourceTarget);
            command = command.WithDescriptor(number, Source(entry));
            expected.Remove(number);
            if (Model(entry, number) is { } target)
            {
                expected.Add(number, target);
            }
        }

        var actual = TableOf(command, asynchronous);
        return string.Join(
            "; ",
            expected
                .Except(actual)
                .Select(e => $"missing {e.Key} -> {e.Value}")
                .Concat(actual.Except(expected).Select(a => $"wrong {a.Key} -> {a.Value}"))
        );
    }

    private static SortedDictionary<int, string> TableOf(Command command, bool asynchronous)
    {
        using var child = asynchronous ? command.StartAsync().AsTask().GetAwaiter().GetResult() : command.Start();
        try
        {
            // The loader opens and closes libraries; once it sleeps, the table is its own.
            Waiting.For(() => OtherProcess.IsIn(child.Id, OtherProcess.ClockNanosleep), "sleep to sleep");
            return OtherProcess.Descriptors(child.Id);
        }
        finally
        {
            child.Kill();
            child.Wait();
        }
    }

    private Stdio Source(Entry entry) =>
        entry.What switch
        {
            What.Number => Stdio.FromDescriptor(Number(entry.Index)),
            What.Handle => Stdio.FromHandle(_sources[entry.Index]),
            What.File => Stdio.Append(_directory[$"file{entry.Index}"]),
            What.Null => Stdio.Null,
            What.Closed => Stdio.Closed,
            _ => Stdio.Inherit,
        };

    private string? Model(Entry entry, int number) =>
        entry.What switch
        {
            What.Number or What.Handle => _directory[$"source{entry.Index}"],
            What.File => _directory[$"file{entry.Index}"],
            What.Null => "/dev/null",
            What.Closed => null,
            _ => number <= 2
                ? Inheritable().GetValueOrDefault(number)
                : OtherProcess.Descriptors(Environment.ProcessId)[number],
        };

    // Without a standard input the runtime opens files of its own at 0, close-on-exec: those are nobody's input.
    private static Dictionary<int, string> Inheritable() =>
        OtherProcess.Descriptors(Environment.ProcessId).Where(d => !OtherProcess.IsCloseOnExec(d.Key)).ToDictionary();

    private int Number(int source) => (int)_sources[source].DangerousGetHandle();
}
