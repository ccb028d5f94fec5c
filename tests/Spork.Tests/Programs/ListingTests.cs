using Spork.Linux;
using Spork.Programs;
using static Spork.Tests.Programs.TestPrograms;

namespace Spork.Tests.Programs;

/// <summary>A program in words: numbered from 1, spelled as strace does, with its reasons and its jumps.</summary>
public class ListingTests
{
    private static readonly ChildProgram Sample = Build(p =>
    {
        var (again, out_) = (p.NewLabel(), p.NewLabel());
        var file = p.Add(
            Syscall.openat,
            "open",
            "x",
            "for descriptor 7",
            Operand.Named(-100, "AT_FDCWD"),
            p.Data.String("a\"\n\u0001")
        );
        p.Mark(again);
        p.Add(Syscall.dup3, "dup3", "", "", Operand.Result(file), 7, 0);
        p.On(22, out_);
        p.On(16, again, budget: 3);
        foreach (var errno in new[] { 1, 2, 13, 20 })
        {
            p.On(errno, out_, budget: 1);
        }

        p.Mark(out_);
        p.Do(Syscall.getppid);
        p.ExpectParent();
        p.End();
    });

    [Fact]
    public void Calls_are_spelled_as_strace_spells_them() =>
        Assert.Equal(
            ["openat(AT_FDCWD, \"a\\\"\\n\\1\")", "dup3(<1>, 7, 0)", "getppid()"],
            new ProgramListing("clone3", Sample).Lines.Select(line => line.Call)
        );

    [Fact]
    public void Notes_give_the_reason_and_where_each_error_leads() =>
        Assert.Equal(
            [
                "for descriptor 7",
                "EINVAL: step 3; EBUSY: step 2 (at most 3 times); EPERM, ENOENT, EACCES, …: step 3 (at most 1 times)",
                "must be this process",
            ],
            new ProgramListing("clone3", Sample).Lines.Select(line => line.Note)
        );

    [Fact]
    public void Text_numbers_the_lines_from_one()
    {
        var listing = new ProgramListing("clone", Sample);
        Assert.Equal("clone", listing.Via);
        Assert.Equal([1, 2, 3], listing.Lines.Select(line => line.Index));
        Assert.StartsWith(
            "1  openat(AT_FDCWD, \"a\\\"\\n\\1\")  # for descriptor 7\n2  dup3",
            listing.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Numbers_are_aligned_where_there_are_ten_lines_or_more()
    {
        var program = Build(p =>
        {
            for (var i = 0; i < 10; i++)
            {
                p.Do(Syscall.getpid);
            }

            p.End();
        });
        var text = new ProgramListing("clone3", program).ToString();
        Assert.StartsWith(" 1  getpid()\n", text, StringComparison.Ordinal);
        Assert.EndsWith("10  getpid()\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_command_that_could_not_run_can_be_explained()
    {
        var listing = new Command("/no/such/program").Explain();
        Assert.StartsWith(
            "execve(\"/no/such/program\"",
            listing.Lines.Last(l => l.Call.StartsWith("execve", StringComparison.Ordinal)).Call,
            StringComparison.Ordinal
        );
        Assert.Equal(SpawnLadder.Current, listing.Via);
    }
}
