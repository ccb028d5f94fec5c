using Spork.Linux;
using Spork.Programs;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>Each thing the verifier refuses, shown by a program that is wrong in just that; and what it must let pass.</summary>
public class VerifierTests
{
    private static readonly Step End = Step(Syscall.getpid) with { Next = -1 };

    [Fact]
    public void A_program_without_steps_is_refused() => AssertRefused("needs at least one step");

    [Fact]
    public void A_step_with_seven_operands_is_refused()
    {
        AssertRefused(
            "Step 1, getpid(1, 2, 3, 4, 5, 6, 7), has more than six operands.",
            Step(Syscall.getpid, 1, 2, 3, 4, 5, 6, 7) with
            {
                Next = -1,
            }
        );
        Verify(Step(Syscall.getpid, 1, 2, 3, 4, 5, 6) with { Next = -1 });
    }

    [Fact]
    public void Running_off_the_end_is_refused()
    {
        AssertRefused(
            "Step 2, getpid(), continues past the end.",
            Step(Syscall.getpid) with
            {
                Next = 1,
            },
            Step(Syscall.getpid) with
            {
                Next = 2,
            }
        );
        AssertRefused("Step 1, getpid(), continues past the end.", Step(Syscall.getpid) with { Next = 100 }, End);
    }

    [Fact]
    public void Continuing_before_the_first_step_is_refused() =>
        AssertRefused("continues before the first step", Step(Syscall.getpid) with { Next = -2 });

    [Theory]
    [InlineData(Syscall.execve)]
    [InlineData(Syscall.execveat)]
    internal void Only_a_step_that_becomes_the_program_may_be_the_last(Syscall call) =>
        Verify(Step(call) with { Next = 1 });

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void A_handler_that_leads_out_of_the_program_is_refused(int target) =>
        AssertRefused("Step 1, getpid(), jumps outside the program.", OnError(new Handler(1, target, 1)), End);

    [Fact]
    public void A_handler_that_goes_back_for_ever_is_refused()
    {
        AssertRefused(
            "jumps back without bound",
            Step(Syscall.getpid) with
            {
                Next = 1,
            },
            End with
            {
                Handlers = [new Handler(1, 0, -1)],
            }
        );
        AssertRefused("jumps back without bound", OnError(new Handler(1, 0, -1)), End);
    }

    [Fact]
    public void A_handler_may_go_back_on_a_budget_and_forward_without_one()
    {
        Verify(OnError(new Handler(1, 0, 3)), End);
        Verify(OnError(new Handler(0, 1, -1)), End);
    }

    [Fact]
    public void A_loop_that_every_success_goes_round_again_is_refused()
    {
        AssertRefused("Step 1, getpid(), goes back without bound.", Step(Syscall.getpid) with { Next = 0 });
        AssertRefused(
            "Step 2, getpid(), goes back without bound.",
            Step(Syscall.getpid) with
            {
                Next = 1,
            },
            Step(Syscall.getpid) with
            {
                Next = 0,
            }
        );
    }

    [Fact]
    public void A_loop_whose_way_back_is_entered_without_a_budget_is_refused() =>
        AssertRefused(
            "goes back without bound",
            OnError(new Handler(1, 2, -1)),
            End,
            Step(Syscall.getpid) with
            {
                Next = 0,
            }
        );

    [Fact]
    public void A_wait_between_two_attempts_that_is_entered_on_a_budget_passes() =>
        Verify(OnError(new Handler(1, 2, 60)), End, Step(Syscall.clock_nanosleep) with { Next = 0 });

    [Fact]
    public void A_step_that_waits_for_somebody_else_may_be_tried_for_ever() =>
        Verify(
            Step(Syscall.futex) with
            {
                Next = 0,
                Waits = true,
                Handlers = [new Handler(11, 1, -1), new Handler(4, 0, -1)],
            },
            End
        );

    [Theory]
    [InlineData(1)] // its own
    [InlineData(2)] // a later one's
    [InlineData(100)]
    public void A_result_that_is_not_there_yet_is_refused(int of) =>
        AssertRefused(
            $"Step 2, close(<{of + 1}>), uses a result that is not there yet.",
            Step(Syscall.getpid) with
            {
                Next = 1,
            },
            Step(Syscall.close, Operand.Result(of)) with
            {
                Next = 2,
            },
            End
        );

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(Slot.FirstResult)]
    public void A_slot_that_nobody_sets_is_refused(int slot) =>
        AssertRefused(
            "uses a result that is not there yet",
            Step(Syscall.close, Operand.SlotPlus(slot, 0, "?")) with
            {
                Next = -1,
            }
        );

    [Theory]
    [InlineData(-1)]
    [InlineData(16)]
    [InlineData(int.MaxValue)]
    public void A_pointer_outside_the_data_is_refused(int offset)
    {
        AssertRefused("points outside its data", Step(Syscall.chdir, Operand.Pointer(offset, "?")) with { Next = -1 });
        Verify(Step(Syscall.chdir, Operand.Pointer(15, "the last byte")) with { Next = -1 });
    }

    [Fact]
    public void The_builder_refuses_what_the_verifier_refuses()
    {
        var builder = new ProgramBuilder();
        builder.Do(Syscall.getpid);
        Assert.Contains(
            "past the end",
            Assert.Throws<InvalidOperationException>(builder.Build).Message,
            StringComparison.Ordinal
        );
    }

    private static Step OnError(Handler handler) => Step(Syscall.getpid) with { Next = 1, Handlers = [handler] };

    private static void Verify(params Step[] steps) => ProgramVerifier.Verify(steps, dataLength: 16);

    private static void AssertRefused(string why, params Step[] steps) =>
        Assert.Contains(
            why,
            Assert.Throws<InvalidOperationException>(() => Verify(steps)).Message,
            StringComparison.Ordinal
        );
}
