using Spork.Linux;
using Spork.Machine;
using Spork.Programs;
using Spork.Spawning;

namespace Spork.Tests.Programs;

/// <summary>
/// Runs a bare program, without a command round it, in a CLONE_VM child, and reads what the child left in the memory it
/// shared. The child has its own copy of the descriptor table: a program may close whatever it likes.
/// </summary>
internal sealed record ProgramRun(int Pid, RawExit Exit, int Current, int Error, long[] Results)
{
    public static ProgramRun Of(ChildProgram program) => Of(program, _ => { });

    /// <param name="program">What the child does.</param>
    /// <param name="meanwhile">Called with the child's memory while it runs.</param>
    public static unsafe ProgramRun Of(ChildProgram program, Action<Arena> meanwhile)
    {
        SkipWithoutMachineCode();
        var arena = Arena.TryCreate(Arena.SizeFor(program), out var errno);
        Assert.True(arena is not null, $"mmap: {errno}");
        arena.Load(program, Environment.ProcessId, null);
        var wish = new CloneWish(null, SharesTable: false, InPlace: false);
        var pid = Cloning.Clone(arena, SpawnLadder.Code, SpawnLadder.Rung, wish, &arena.Context->InUse);
        Assert.True(pid > 0, $"clone: {pid}");
        using var pidFd = new Descriptor(*arena.PidFd);
        meanwhile(arena);
        LettingGo.Wait(arena, pidFd);
        Assert.True(Reaper.Reap(pidFd, block: true, out var exit));
        var results = new Span<long>(arena.Slots + Slot.FirstResult, program.Steps.Count).ToArray();
        var run = new ProgramRun(pid, exit, arena.Context->Current, arena.Context->Error, results);
        arena.Free();
        return run;
    }

    public static void SkipWithoutMachineCode() =>
        Assert.SkipWhen(
            MachineArchitecture.Current is null || SpawnLadder.Rung == Rung.PosixSpawn,
            "NOT TESTED: the interpreter. This machine's rung runs no machine code."
        );
}
