using Spork.Linux;
using Spork.Programs;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>Where a child stopped is known exactly: at the end, at a step that failed, or at one it was killed in.</summary>
public class InterpreterTests
{
    [Fact]
    public void A_program_that_ends_well_exits_with_0_and_reports_nothing()
    {
        var run = ProgramRun.Of(Nothing);
        Assert.Equal((0, 0, 0), (run.Exit.Value, run.Error, run.Current));
        Assert.Equal([run.Pid], run.Results);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(499)]
    public void A_failure_is_reported_with_its_index_and_errno(int at)
    {
        var run = ProgramRun.Of(
            Build(p =>
            {
                for (var i = 0; i < 500; i++)
                {
                    _ = i == at ? p.Do(Syscall.chdir, p.Data.String("/no/such")) : p.Do(Syscall.getppid);
                }

                p.End();
            })
        );
        Assert.Equal((at, Errno.ENOENT.Value, 127), (run.Current, run.Error, run.Exit.Value));
        Assert.All(run.Results[..at], r => Assert.Equal(Environment.ProcessId, r));
        Assert.All(run.Results[(at + 1)..], r => Assert.Equal(0, r));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_child_that_is_killed_is_known_to_be_killed_at_its_step(int at)
    {
        // A word that stays zero: futex(2) waits on it until the child is killed.
        var program = Build(p =>
        {
            var zero = p.Data.Struct(0L, "zero");
            for (var i = 0; i < at; i++)
            {
                p.Do(Syscall.getpid);
            }

            p.Do(Syscall.futex, zero, Futex.FUTEX_WAIT, 0, Operand.Null);
            p.Do(Syscall.getpid);
            p.End();
        });
        var run = ProgramRun.Of(program, arena => KillAt(arena, at));
        Assert.Equal((at, 0), (run.Current, run.Error));
        Assert.Equal((ExitKind.Signaled, Signal.SIGKILL.Number), (run.Exit.Kind, run.Exit.Value));
    }

    [Fact]
    public void An_error_with_a_handler_goes_on_where_it_says_until_its_budget_is_spent()
    {
        var run = ProgramRun.Of(
            Build(p =>
            {
                var again = p.NewLabel();
                p.Do(Syscall.close_range, 0, uint.MaxValue, 0);
                p.Mark(again);
                var opened = p.Do(Syscall.openat, Fcntl.AT_FDCWD, p.Data.String("/dev/null"), 0);
                p.Do(Syscall.chdir, p.Data.String("/no/such"));
                p.On(Errno.EACCES.Value, again, budget: 100);
                p.On(Errno.ENOENT.Value, again, budget: 3);
                p.End();
            })
        );
        // Opened 0, and then once more for each time it was allowed to go back.
        Assert.Equal((3, 2, Errno.ENOENT.Value), ((int)run.Results[1], run.Current, run.Error));
    }

    [Fact]
    public void A_budget_is_whole_again_at_the_next_start()
    {
        var program = Build(p =>
        {
            var ignored = p.NewLabel();
            p.Do(Syscall.chdir, p.Data.String("/no/such"));
            p.On(0, ignored, budget: 1);
            p.Mark(ignored);
            p.Do(Syscall.getpid);
            p.End();
        });
        Assert.Equal(
            [0, 0, 0],
            [ProgramRun.Of(program).Error, ProgramRun.Of(program).Error, ProgramRun.Of(program).Error]
        );
    }

    [Fact]
    public void The_parent_is_who_it_must_be_and_nobody_else()
    {
        Assert.Equal(0, ProgramRun.Of(Expecting(Syscall.getppid)).Error);
        Assert.Equal(Errno.ESRCH.Value, ProgramRun.Of(Expecting(Syscall.getpid)).Error);
    }

    private static ChildProgram Expecting(Syscall call) =>
        Build(p =>
        {
            p.Do(call);
            p.ExpectParent();
            p.End();
        });

    // In the step, or on the point of making it: the same to whoever reads the report.
    private static unsafe void KillAt(Arena arena, int step)
    {
        var waiting = new SpinWait();
        while (Volatile.Read(ref arena.Context->Current) != step)
        {
            waiting.SpinOnce();
        }

        Assert.Equal(0, Sys.Call(Syscall.pidfd_send_signal, *arena.PidFd, Signal.SIGKILL.Number));
    }
}
