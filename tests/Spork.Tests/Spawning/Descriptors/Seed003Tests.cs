using System.Globalization;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>
/// Seed 003 learns the outcome through a pipe, and guards its number with three stipulations. Spork has no pipe: these
/// tests show that what they guard against cannot happen.
/// </summary>
public class Seed003Tests
{
    private const string Missing = "/no/such/program";

    /// <summary>A: before closing or duplicating onto a number, move the pipe out of the way.</summary>
    [Fact]
    public void Stipulation_A_no_number_that_is_replaced_or_closed_costs_the_error_report()
    {
        var all = new Command(Missing);
        var closed = new Command(Missing);
        for (var number = 0; number <= 250; number++)
        {
            all = all.WithDescriptor(number, Stdio.FromDescriptor(2));
            closed = closed.WithDescriptor(number, number % 2 == 0 ? Stdio.Closed : Stdio.Null);
            AssertReported(new Command(Missing).WithDescriptor(number, Stdio.FromDescriptor(2)));
        }

        var highest = ulong.Min(HighestNumber(), int.MaxValue);
        AssertReported(new Command(Missing).WithDescriptor((int)highest, Stdio.FromDescriptor(2)));
        AssertReported(all);
        AssertReported(closed);
    }

    /// <summary>B: before an open, the pipe must not sit on the lowest free number.</summary>
    [Fact]
    public void Stipulation_B_an_open_finds_every_number_free_that_nobody_named()
    {
        // If anything of Spork's own stood at that number, the child could open it there.
        for (var number = 3; number < 100; number++)
        {
            var path = $"/proc/self/fd/{number}";
            var e = Assert.Throws<SpawnException>(() =>
                new Command("true").WithDescriptor(5, Stdio.Read(path)).Start()
            );
            Assert.Equal(("open", Errno.ENOENT, path), (e.Step, e.Errno, e.Subject));
        }
    }

    /// <summary>B, seen from outside: what was opened so far sits at the lowest numbers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stipulation_B_an_opened_file_has_the_lowest_free_number(bool withoutInput)
    {
        using var directory = new TempDirectory();
        var first = directory.Write("first", "");
        var fifo = Fifo.Create(directory["fifo"]);
        var command = new Command("true").WithDescriptor(3, Stdio.Read(first)).WithDescriptor(4, Stdio.Read(fifo));
        command = withoutInput ? command.WithStandardInput(Stdio.Closed) : command.WithStandardInput(Stdio.Null);
        var before = ChildEntry.ListOwn();
        using var cancel = new CancellationTokenSource();
        var starting = command.StartAsync(cancel.Token).AsTask();
        var child = OtherProcess.NewChildIn(OtherProcess.OpenAt, before);
        // It is in the open of the FIFO only when the first file is at its place.
        Waiting.For(() => OtherProcess.Descriptors(child).GetValueOrDefault(3) == first, "the first file at 3");
        var table = OtherProcess.Descriptors(child);
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => starting.GetAwaiter().GetResult());
        table.Remove(1);
        table.Remove(2);
        Assert.Equal(
            withoutInput ? [new(3, first)] : [new(0, "/dev/null"), new KeyValuePair<int, string>(3, first)],
            table
        );
    }

    /// <summary>C: any failure to renumber is fatal.</summary>
    [Fact]
    public void Stipulation_C_no_spare_number_for_a_cycle_is_a_precise_error_and_nothing_is_left()
    {
        var run = ToolRun.Of(DummyProgram.Executable, "spork", "run-cycle-starved", "--", "true");
        PlainUser.CheckFailure(run, "save descriptor", "EMFILE", "descriptor 1", "fcntl(1, F_DUPFD_CLOEXEC, 3)");
        var report = PlainUser.Failure(run);
        Assert.Contains("RLIMIT_NOFILE", report["message"], StringComparison.Ordinal);
        Assert.Equal("0", report["left"]);
    }

    [Fact]
    public void No_descriptor_left_in_this_process_is_a_precise_error_before_the_child_exists()
    {
        var report = PlainUser.Failure(ToolRun.Of(DummyProgram.Executable, "spork", "run-starved", "--", "true"));
        Assert.Equal((SpawnLadder.Current, "EMFILE", "0"), (report["step"], report["errno"], report["index"]));
        Assert.Contains("may open no more descriptors", report["message"], StringComparison.Ordinal);
        Assert.Equal("0", report["left"]);
    }

    private static void AssertReported(Command command)
    {
        var e = Assert.Throws<SpawnException>(() => command.Start());
        Assert.Equal(("execve", Errno.ENOENT, Missing), (e.Step, e.Errno, e.Subject));
        Assert.StartsWith(
            $"execve(\"{Missing}\"",
            command.Explain().Lines[e.StepIndex - 1].Call,
            StringComparison.Ordinal
        );
    }

    private static ulong HighestNumber()
    {
        var line = File.ReadLines("/proc/self/limits")
            .Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return soft == "unlimited" ? 1_000_000 : ulong.Parse(soft, CultureInfo.InvariantCulture) - 1;
    }
}
