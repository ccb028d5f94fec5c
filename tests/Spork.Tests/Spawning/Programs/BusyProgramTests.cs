using System.Diagnostics;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>ETXTBSY: somebody has the program open for writing (dotnet/runtime#58964).</summary>
public class BusyProgramTests
{
    [Fact]
    public async Task A_program_still_open_for_writing_is_tried_until_it_is_closed()
    {
        using var directory = new TempDirectory();
        var program = Program(directory);
        using var waits = new LongBusyWaits();
        using var writer = Directories.OpenBusy(program);
        var starting = Task.Run(() => new Command(program).Run());
        Waiting.For(() => ChildEntry.ListOwn().Any(c => IsBetweenTries(c.Id)), "the child to wait for the writer");
        Assert.False(starting.IsCompleted);
        writer.Dispose();
        Assert.True((await starting).IsSuccess);
    }

    [Fact]
    public void A_program_never_closed_is_ETXTBSY_within_a_bound_and_nothing_is_left()
    {
        using var directory = new TempDirectory();
        var program = Program(directory);
        using var writer = Directories.OpenBusy(program);
        var clock = Stopwatch.StartNew();
        var e = Failing.Check(
            new Command(program),
            "execve",
            Errno.ETXTBSY,
            program,
            $"execve(\"{program}\"",
            "open for writing"
        );
        Assert.False(e.ProgramNotFound);
        // Four starts of at most 60 waits of 5 ms each; the rest is for a loaded machine.
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(4 * 60 * 5), TimeSpan.FromSeconds(30));
    }

    private static string Program(TempDirectory directory)
    {
        var copy = directory["program"];
        File.Copy("/bin/true", copy);
        File.SetUnixFileMode(copy, Modes.Everybody);
        return copy;
    }

    // clock_nanosleep is 230 on x64; its request is 5 ms at CLOCK_MONOTONIC.
    private static bool IsBetweenTries(int child)
    {
        try
        {
            return File.ReadAllText($"/proc/{child}/syscall").StartsWith("230 0x1 0x0 ", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
