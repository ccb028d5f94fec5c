using System.Buffers.Binary;
using System.Text;
using Spork.Linux;
using Spork.Machine;
using Spork.Programs;
using Spork.Tests.Support;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>The second stage: a program written out as an executable runs as a process with memory of its own.</summary>
public sealed class StaticElfTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_program_that_ends_well_exits_with_0() => Assert.Equal(0, Run(Nothing).Code);

    [Fact]
    public void A_program_whose_step_fails_exits_with_127() =>
        Assert.Equal(
            127,
            Run(
                Build(p =>
                {
                    p.Do(Syscall.getpid);
                    p.Do(Syscall.chdir, p.Data.String("/no/such"));
                    p.End();
                })
            ).Code
        );

    [Fact]
    public void Data_is_where_pointers_say()
    {
        var output = Output(
            Build(p =>
            {
                p.Do(Syscall.write, 1, p.Data.String("hello, "), 7);
                p.Do(Syscall.write, 1, p.Data.String("world\n"), 6);
                p.End();
            })
        );
        Assert.Equal("hello, world\n", Encoding.UTF8.GetString(output));
    }

    [Fact]
    public void Another_program_gets_its_directory_arguments_and_environment()
    {
        var output = Output(
            Build(p =>
            {
                var data = p.Data;
                var arguments = data.PointerArray(
                    [
                        data.AddString("sh"),
                        data.AddString("-c"),
                        data.AddString("echo $0 $1 $PWD $A; env | wc -l"),
                        data.AddString("zero"),
                        data.AddString("one"),
                    ],
                    "argv"
                );
                var environment = data.PointerArray(
                    [data.AddString("A=b"), data.AddString("PWD=/"), data.AddString("PATH=/usr/bin:/bin")],
                    "envp"
                );
                p.Do(Syscall.chdir, data.String("/"));
                p.Do(Syscall.execve, data.String("/bin/sh"), arguments, environment);
            })
        );
        var lines = Encoding.UTF8.GetString(output).Split('\n');
        Assert.Equal("zero one / b", lines[0]);
        // What it was given, and what the shell itself may export: _, OLDPWD and SHLVL at most.
        Assert.InRange(int.Parse(lines[1]), 3, 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void The_initial_stack_is_in_its_slot(int arguments)
    {
        var program = Build(p =>
        {
            p.Do(Syscall.write, 1, Operand.SlotPlus(Slot.InitialStack, 0, "stack"), 8);
            p.End();
        });
        var output = Output(program, [.. Enumerable.Repeat("x", arguments)]);
        Assert.Equal(arguments + 1, BinaryPrimitives.ReadInt64LittleEndian(output));
    }

    [Fact]
    public void Zeroed_context_slots_and_budgets_are_as_they_are_in_shared_memory()
    {
        // Succeeds only on its third attempt, which the budget just allows: the file is made by the second step.
        var path = _directory["made later"];
        var program = Build(p =>
        {
            var (again, make, done) = (p.NewLabel(), p.NewLabel(), p.NewLabel());
            p.Mark(again);
            p.Do(Syscall.openat, Fcntl.AT_FDCWD, p.Data.String(path), Fcntl.O_RDONLY);
            p.On(Errno.ENOENT.Value, make, budget: 1);
            p.Then(done);
            p.Mark(make);
            p.Do(Syscall.openat, Fcntl.AT_FDCWD, p.Data.String(path), Fcntl.O_WRONLY | Fcntl.O_CREAT, 0x180);
            p.Then(again);
            p.Mark(done);
            p.Do(Syscall.getpid);
            p.End();
        });
        Assert.Equal(0, Run(program).Code);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void Whose_child_it_must_be_is_checked_in_it_too()
    {
        var program = Build(p =>
        {
            p.Do(Syscall.getppid);
            p.ExpectParent();
            p.End();
        });
        Assert.Equal(0, Run(program).Code);
        var path = _directory["another's"];
        File.WriteAllBytes(path, StaticElf.Write(program, MachineArchitecture.Current!, parentPid: 1));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(Environment.ProcessId == 1 ? 0 : 127, new Command(path).Run().Code);
    }

    [Theory]
    [InlineData(0x400000u)]
    [InlineData(0x10000u)]
    [InlineData(0xf0000000u)]
    public void It_runs_at_any_page_below_4_GiB(uint address)
    {
        ProgramRun.SkipWithoutMachineCode();
        var path = _directory["program"];
        File.WriteAllBytes(
            path,
            StaticElf.Write(Nothing, MachineArchitecture.Current!, Environment.ProcessId, address)
        );
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(0, new Command(path).Run().Code);
    }

    [Fact]
    public void It_runs_from_a_file_that_has_no_name()
    {
        ProgramRun.SkipWithoutMachineCode();
        using var file = MemoryFile.Create(
            StaticElf.Write(Nothing, MachineArchitecture.Current!, Environment.ProcessId)
        );
        // The child opens the descriptor it inherits at this number; execve follows the link to the file itself.
        var command = new Command("/proc/self/fd/9").WithDescriptor(9, Stdio.FromHandle(file));
        Assert.Equal(0, command.Run().Code);
    }

    private ExitStatus Run(ChildProgram program) =>
        new Command(StaticProgram.Write(program, _directory["program"])).Run();

    private byte[] Output(ChildProgram program, params string[] arguments)
    {
        var output = _directory["output"];
        var command = new Command(StaticProgram.Write(program, _directory["program"]), arguments);
        Assert.Equal(0, command.WithStandardOutput(Stdio.Write(output)).Run().Code);
        return File.ReadAllBytes(output);
    }
}
