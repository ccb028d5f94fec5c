using Spork.Linux;
using Spork.Machine;
using Spork.Programs;
using Spork.Tests.Support;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>The executable's file as others see it: readelf, strace, and the kernel's rules about permissions.</summary>
public sealed class StaticElfFileTests : IDisposable
{
    private static readonly ChildProgram Sample = Build(p =>
    {
        var missing = p.NewLabel();
        p.Do(Syscall.umask, Operand.Named(18, "022"));
        p.Do(Syscall.chdir, p.Data.String("/no/such"));
        p.On(Errno.ENOENT.Value, missing);
        p.Mark(missing);
        p.Do(Syscall.dup3, 1, 9, 0);
        p.Do(Syscall.close, 9);
        p.Do(Syscall.getppid);
        p.End();
    });

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_kernel_sees_the_calls_of_the_listing_in_order()
    {
        var strace = Tools.FindOrSkip("strace", "that a static executable makes the calls of its listing");
        var program = StaticProgram.Write(Sample, _directory["program"]);
        var log = _directory["log"];
        var run = ToolRun.Of(strace, "-o", log, program);
        Assert.SkipWhen(
            run.Errors.Contains("PTRACE", StringComparison.Ordinal),
            $"NOT TESTED: calls of a static executable. {run.Errors}"
        );
        Assert.Equal(0, run.Code);
        var calls = File.ReadAllLines(log).Select(CallOf).Where(c => c.Length > 0);
        var listed = new ProgramListing("", Sample).Lines.Select(line => line.Call);
        Assert.Equal([.. listed, "exit(0)"], calls.Skip(1));
    }

    [Fact]
    public void Readelf_finds_nothing_wrong()
    {
        var readelf = Tools.FindOrSkip("readelf", "that other tools accept the executables written here");
        var run = ToolRun.Of(readelf, "-hlW", StaticProgram.Write(Sample, _directory["program"]));
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Matches(@"Type:\s+EXEC", run.Output);
        Assert.Matches(@"Number of program headers:\s+3\n", run.Output);
        Assert.DoesNotContain("INTERP", run.Output, StringComparison.Ordinal);
        Assert.Equal(["RE", "RW", "RW"], run.Output.Split('\n').Where(IsSegment).Select(FlagsOf));
    }

    [Fact]
    public void No_segment_is_writable_and_executable()
    {
        ProgramRun.SkipWithoutMachineCode();
        var file = StaticElf.Write(Sample, MachineArchitecture.Current!, Environment.ProcessId);
        var count = BitConverter.ToUInt16(file, 56);
        Assert.Equal(3, count);
        Assert.All(
            Enumerable.Range(0, count),
            i => Assert.NotEqual(3u, BitConverter.ToUInt32(file, 64 + (i * 56) + 4) & 3)
        );
    }

    [Fact]
    public void While_it_runs_no_mapping_is_writable_and_executable()
    {
        // A start is known to have succeeded before the kernel has mapped the new program, so it has to say that it runs:
        // by its end of the first FIFO. It is then held by the second.
        var (running, blocked) = (Fifo.Create(_directory["running"]), Fifo.Create(_directory["blocked"]));
        var program = Build(p =>
        {
            p.Do(Syscall.openat, Fcntl.AT_FDCWD, p.Data.String(running), Fcntl.O_WRONLY);
            p.Do(Syscall.openat, Fcntl.AT_FDCWD, p.Data.String(blocked), Fcntl.O_RDONLY);
            p.End();
        });
        using var child = new Command(StaticProgram.Write(program, _directory["program"])).Start();
        using var killed = new Disposal(() => child.Kill());
        using (File.OpenRead(running))
        {
            var mappings = File.ReadAllLines($"/proc/{child.Id}/maps")
                .Where(l => l.EndsWith("/program", StringComparison.Ordinal));
            Assert.Equal(["r-xp", "rw-p"], mappings.Select(l => l.Split(' ')[1]));
        }

        using (new FileStream(blocked, FileMode.Open, FileAccess.Write))
        {
            Assert.Equal(0, child.Wait().Code);
        }
    }

    // "umask(022)                              = 022"; a line such as "+++ exited with 0 +++" is no call.
    private static string CallOf(string line)
    {
        var end = line.LastIndexOf(" = ", StringComparison.Ordinal);
        return end < 0 ? "" : line[..end].TrimEnd();
    }

    // "LOAD 0x000000 0x0000000000400000 0x0000000000400000 0x0001d7 0x0001d7 R E 0x1000"
    private static string FlagsOf(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(fields[6..^1]);
    }

    private static bool IsSegment(string line) =>
        line.TrimStart().StartsWith("LOAD", StringComparison.Ordinal)
        || line.TrimStart().StartsWith("GNU_STACK", StringComparison.Ordinal);
}
