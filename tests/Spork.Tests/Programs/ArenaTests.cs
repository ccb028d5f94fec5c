using Spork.Linux;
using Spork.Machine;
using Spork.Programs;
using Spork.Tests.Support;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>The memory a child runs in: guarded, aligned, pooled within a bound, and unmapped when it is not ordinary.</summary>
public unsafe class ArenaTests
{
    [Fact]
    public void Below_the_stack_lies_a_page_that_nobody_may_touch()
    {
        var arena = Create(Nothing);
        try
        {
            var below = MapsLine.At((nint)arena.Stack - 1);
            Assert.Equal("---p", below.Permissions);
            Assert.Equal((nint)arena.Stack, below.End);
            Assert.Equal("rw-p", MapsLine.At((nint)arena.Stack).Permissions);
        }
        finally
        {
            arena.Free();
        }
    }

    [Fact]
    public void What_the_child_reads_does_not_overlap_and_is_aligned()
    {
        var arena = Create(Nothing);
        try
        {
            var parts = new (nint Start, nint Length)[]
            {
                ((nint)arena.Stack, (nint)Arena.StackLength),
                ((nint)arena.Request, sizeof(StartRequest)),
                ((nint)arena.CloneArgs, sizeof(CloneArgs)),
                ((nint)arena.Context, sizeof(ProgramContext)),
                ((nint)arena.Slots, Nothing.SlotCount * 8),
            };
            Assert.All(
                parts.Zip(parts.Skip(1)),
                pair => Assert.True(pair.First.Start + pair.First.Length <= pair.Second.Start, $"{pair}")
            );
            Assert.All(parts, part => Assert.Equal(0, part.Start % 16));

            // A program may name it, so it is one of the slots, and no result's.
            Assert.Equal((nint)(arena.Slots + Slot.PidFd), (nint)arena.PidFd);
            Assert.InRange(Slot.PidFd, Slot.Doorbell + 1, Slot.FirstResult - 1);
        }
        finally
        {
            arena.Free();
        }
    }

    [Fact]
    public void Stubs_start_at_multiples_of_16_and_are_never_writable_and_executable()
    {
        ProgramRun.SkipWithoutMachineCode();
        var code = SpawnLadder.Code;
        Assert.Equal(0, (nint)code.Start % 16);
        Assert.Equal(0, code.Interpreter % 16);
        Assert.Equal("r-xp", MapsLine.At(code.Interpreter).Permissions);
        Assert.Equal("r-xp", MapsLine.At((nint)code.Start).Permissions);
    }

    [Fact]
    public void An_arena_that_was_returned_is_rented_again_and_starts_clean()
    {
        var first = Rent(Nothing);
        first.Load(Nothing, 1, null);
        first.Context->Error = 5;
        first.Slots[Slot.FirstResult] = 42;
        ArenaPool.Return(first);
        var second = Rent(Nothing);
        Assert.Same(first, second);
        second.Load(Nothing, 1, null);
        Assert.Equal((0, -1, 1), (second.Context->Error, second.Context->Current, second.Context->InUse));
        Assert.Equal(0, second.Slots[Slot.FirstResult]);
        ArenaPool.Return(second);
    }

    [Fact]
    public void The_pool_keeps_no_more_than_its_bound()
    {
        var arenas = Enumerable.Range(0, 200).Select(_ => Rent(Nothing)).ToArray();
        Assert.Equal(200, arenas.Distinct().Count());
        var stacks = arenas.Select(a => (nint)a.Stack).ToArray();
        Array.ForEach(arenas, ArenaPool.Return);
        Assert.InRange(stacks.Count(HasGuard), 1, 64);
    }

    [Fact]
    public void A_large_program_gets_memory_of_its_own_which_is_unmapped_afterwards()
    {
        var large = Build(p =>
        {
            p.Data.AddBytes(new byte[2 << 20]);
            p.Do(Syscall.getpid);
            p.End();
        });
        var arena = Rent(large);
        var stack = (nint)arena.Stack;
        Assert.True(HasGuard(stack));
        ArenaPool.Return(arena);
        Assert.False(HasGuard(stack));
    }

    [Fact]
    public void Two_megabytes_of_environment_reach_the_program_and_leave_no_mapping()
    {
        // One string may have 128 KiB (MAX_ARG_STRLEN), all together a quarter of the stack limit, 2 MiB of 8 usually.
        var variables = Enumerable
            .Range(0, 16)
            .ToDictionary(i => $"V{i}", _ => new string('x', 120_000), StringComparer.Ordinal);
        AssertLeavesNoMapping(new Command("/bin/true").WithEnvironment(variables));
    }

    [Fact]
    public void Ten_thousand_arguments_reach_the_program_and_leave_no_mapping()
    {
        using var directory = new TempDirectory();
        var output = directory["count"];
        var arguments = Enumerable.Range(0, 10_000).Select(i => $"argument {i}");
        var command = new Command(
            "/bin/sh",
            ["-c", "echo $# \"$1\" \"${10000}\"", "sh", .. arguments]
        ).WithStandardOutput(Stdio.Write(output));
        AssertLeavesNoMapping(command);
        Assert.Equal("10000 argument 0 argument 9999\n", File.ReadAllText(output));
    }

    // Neighbouring mappings merge in /proc/self/maps, so what is counted is guard pages. A thread of the runtime's may
    // come with one meanwhile; a leak would come twenty times.
    private static void AssertLeavesNoMapping(Command command)
    {
        Assert.True(command.Run().IsSuccess);
        var guards = MapsLine.Read().Count(IsGuard);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(command.Run().IsSuccess);
        }

        Assert.InRange(MapsLine.Read().Count(IsGuard) - guards, -guards, 9);
    }

    private static bool IsGuard(MapsLine line) =>
        line.Permissions == "---p" && line.End - line.Start == Memory.PageSize;

    // Whether an address is mapped says nothing: by then it may be mapped for somebody else.
    private static bool HasGuard(nint stack) => MapsLine.Read().Any(line => IsGuard(line) && line.End == stack);

    private static Arena Create(ChildProgram program)
    {
        var arena = Arena.TryCreate(Arena.SizeFor(program), out var errno);
        Assert.True(arena is not null, errno.ToString());
        return arena;
    }

    private static Arena Rent(ChildProgram program)
    {
        var arena = ArenaPool.TryRent(program, out var errno);
        Assert.True(arena is not null, errno.ToString());
        return arena;
    }
}
