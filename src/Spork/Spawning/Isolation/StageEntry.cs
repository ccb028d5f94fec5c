using Spork.Linux;
using Spork.Programs;

namespace Spork.Spawning;

/// <summary>The way from the first stage into the second: the last step there, the first ones here. See ADR 0009.</summary>
internal static class StageEntry
{
    private const int BusyWaits = 60;
    private const long BusyWaitNanoseconds = 5_000_000;

    /// <summary>Becomes the second stage: the first one ends with this.</summary>
    internal static void AddEnter(ProgramBuilder program, StageNumbers numbers)
    {
        var enter = program.NewLabel();
        var busy = program.NewLabel();
        program.Mark(enter);
        program.Add(
            Syscall.execveat,
            "second stage",
            "memory of its own",
            "the steps that follow run there",
            numbers.File,
            program.Data.String(""),
            program.Data.PointerArray([program.Data.AddString("spork")], "[\"spork\"]"),
            program.Data.PointerArray([], "/* 0 vars */"),
            Operand.Named(Fcntl.AT_EMPTY_PATH, "AT_EMPTY_PATH")
        );
        program.On(Errno.ETXTBSY.Value, busy, BusyWaits);
        program.Mark(busy);
        program.Add(
            Syscall.clock_nanosleep,
            "wait",
            "second stage",
            "only where it is a file that another thread's fork has open",
            Operand.Named(Clock.CLOCK_MONOTONIC, "CLOCK_MONOTONIC"),
            0,
            program.Data.Struct(new TimeSpec { Nanoseconds = BusyWaitNanoseconds }, "{tv_sec=0, tv_nsec=5000000}"),
            Operand.Null
        );
        program.Then(enter);
    }

    /// <summary>What a second stage begins with: its report, its pipe, its name.</summary>
    /// <returns>The step that maps the report; how long that is, is known at the end.</returns>
    internal static int AddArrival(ProgramBuilder program, StageNumbers numbers)
    {
        var arrived = program.NewLabel();
        var cannot = program.NewLabel();
        var address = StaticElf.StageReportAddress;

        // Over the very words that the interpreter keeps writing: from the next step on the parent reads them.
        var map = program.Add(
            Syscall.mmap,
            "report",
            "shared memory",
            "how far it came, for the parent",
            Operand.Named(address, $"0x{address:x}"),
            0,
            Operand.Named(Mman.PROT_READ | Mman.PROT_WRITE, "PROT_READ|PROT_WRITE"),
            Operand.Named(Mman.MAP_SHARED | Mman.MAP_FIXED, "MAP_SHARED|MAP_FIXED"),
            numbers.Report,
            0
        );
        program.Then(arrived);
        program.On(0, cannot);
        program.Mark(cannot);
        // Nobody reads the report yet: the exit code says which error it was (StageReport.ErrnoOf).
        program.Add(Syscall.exit, "report", "shared memory", "only without it: 256 minus errno", program.ResultOf(map));
        program.Mark(arrived);
        program.Add(Syscall.close, "close", "the report", "mapped", numbers.Report);
        program.Add(
            Syscall.fcntl,
            "close-on-exec",
            "the pipe",
            "its end says that the program runs",
            numbers.Pipe,
            Operand.Named(Fcntl.F_SETFD, "F_SETFD"),
            Operand.Named(Fcntl.FD_CLOEXEC, "FD_CLOEXEC")
        );
        program.Add(
            Syscall.prctl,
            "name",
            "",
            "until it becomes the program",
            Operand.Named(Prctl.PR_SET_NAME, "PR_SET_NAME"),
            StaticElf.AddressOfSlot(Slot.StageName, "$stage_name")
        );
        return map;
    }

    /// <summary>Both, when all their steps are known.</summary>
    /// <param name="first">In shared memory.</param>
    /// <param name="second">In its own.</param>
    /// <param name="map">What <see cref="AddArrival"/> returned.</param>
    /// <param name="numbers">What must not be in the way.</param>
    internal static ChildProgram Join(ProgramBuilder first, ProgramBuilder second, int map, StageNumbers numbers)
    {
        second.SetOperand(map, 1, StaticElf.StageReportLength(second.Count));
        return first.Build().FollowedBy(second.Build(), numbers.Taken);
    }
}
