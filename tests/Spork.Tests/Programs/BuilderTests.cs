using System.Runtime.InteropServices;
using System.Text;
using Spork.Linux;
using Spork.Programs;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>Steps are strung together as they were added, labels lead where they were marked, data is where it is said.</summary>
public class BuilderTests
{
    [Fact]
    public void Steps_follow_each_other_until_the_end()
    {
        var program = Build(p =>
        {
            Assert.Equal([0, 1], [p.Do(Syscall.getpid), p.Do(Syscall.getppid)]);
            p.End();
        });
        Assert.Equal([1, -1], program.Steps.Select(s => s.Next));
        Assert.Equal(Slot.FirstResult + 2, program.SlotCount);
    }

    [Fact]
    public void Labels_lead_to_the_step_added_after_the_mark()
    {
        var program = Build(p =>
        {
            var (first, last) = (p.NewLabel(), p.NewLabel());
            p.Mark(first);
            p.Do(Syscall.getpid);
            p.On(7, last);
            p.On(8, first, budget: 2);
            p.Then(last);
            p.Do(Syscall.getppid);
            p.Mark(last);
            p.Do(Syscall.getpid);
            p.End();
        });
        Assert.Equal([2, 2, -1], program.Steps.Select(s => s.Next));
        Assert.Equal([new Handler(7, 2, -1), new Handler(8, 0, 2)], program.Steps[0].Handlers);
    }

    [Fact]
    public void A_label_that_was_never_marked_is_refused_and_does_not_end_the_program_well()
    {
        var builder = new ProgramBuilder();
        builder.Do(Syscall.getpid);
        builder.Then(builder.NewLabel());
        builder.Do(Syscall.getppid);
        builder.End();
        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    [Fact]
    public void Strings_end_with_a_NUL_and_structs_are_aligned()
    {
        var data = new ProgramData();
        var text = data.String("é");
        var number = data.Struct(0x1122334455667788L, "?");
        Assert.Equal(("\"é\"", Slot.Image), (text.Text, text.Slot));
        Assert.Equal([0xc3, 0xa9, 0], data.Bytes.Slice((int)text.Constant, 3).ToArray());
        Assert.Equal(0, number.Constant % 8);
        Assert.Equal(0x1122334455667788L, MemoryMarshal.Read<long>(data.Bytes[(int)number.Constant..]));
    }

    [Fact]
    public void Arrays_of_pointers_are_rebased_to_wherever_the_image_comes_to_lie()
    {
        var program = Build(p =>
        {
            var array = p.Data.PointerArray([p.Data.AddString("one"), p.Data.AddString("two")], "?");
            p.Do(Syscall.execve, Operand.Null, array);
        });
        var pointers = program.Relocations.Select(at => (int)MemoryMarshal.Read<long>(program.Image.AsSpan(at)));
        Assert.Equal(["one", "two"], pointers.Select(at => Encoding.ASCII.GetString(program.Image, at, 3)));
        Assert.Equal(0, MemoryMarshal.Read<long>(program.Image.AsSpan(program.Relocations[^1] + 8)));
        Assert.All(program.Relocations, at => Assert.Equal(0, at % 8));
    }

    [Fact]
    public void Data_grows_beyond_its_first_size_without_losing_anything()
    {
        var data = new ProgramData();
        var offsets = Enumerable.Range(0, 5000).Select(i => data.AddString($"{i}")).ToArray();
        var bytes = data.Bytes.ToArray();
        Assert.All(
            Enumerable.Range(0, 5000),
            i => Assert.Equal($"{i}\0", Encoding.ASCII.GetString(bytes, offsets[i], $"{i}".Length + 1))
        );
    }

    [Fact]
    public void Where_the_parent_is_expected_its_pid_is_filled_in_later()
    {
        var program = Build(p =>
        {
            p.Do(Syscall.getpid);
            p.Do(Syscall.getppid);
            p.ExpectParent();
            p.End();
        });
        Assert.Equal([128 + NativeStep.ExpectedOffset], program.ParentPids);
    }
}
