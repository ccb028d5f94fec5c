using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>rlimits, nice, processors.</summary>
public class LimitStepTests
{
    // proc_pid_limits(5) in the order of asm-generic/resource.h.
    private static readonly string[] Names =
    [
        "Max cpu time",
        "Max file size",
        "Max data size",
        "Max stack size",
        "Max core file size",
        "Max resident set",
        "Max processes",
        "Max open files",
        "Max locked memory",
        "Max address space",
        "Max file locks",
        "Max pending signals",
        "Max msgqueue size",
        "Max nice priority",
        "Max realtime priority",
        "Max realtime timeout",
    ];

    [Fact]
    public void Every_limit_reaches_the_child_and_no_other_changes()
    {
        var before = Limits(c => c);
        foreach (var resource in Enum.GetValues<Resource>())
        {
            var (soft, hard) = before[(int)resource];
            // A little lower: every user may do that, and no program notices. (Sizes and times are counted as signed
            // numbers in places: an "almost unlimited" file size of 2^64 - 1 page ends the child with SIGXFSZ.)
            var lower = hard == ulong.MaxValue ? 1UL << 40 : Math.Max(hard, 1) - 1;
            var wanted = (Soft: Math.Min(soft, lower), Hard: lower);
            var after = Limits(c => c.WithLimit(resource, wanted.Soft, wanted.Hard));
            var expected = before.ToArray();
            expected[(int)resource] = wanted;
            Assert.Equal(expected, after);
        }
    }

    [Fact]
    public void A_soft_limit_may_lie_below_the_hard_one() =>
        Assert.Equal((17UL, 19UL), Limits(c => c.WithLimit(Resource.OpenFiles, 17, 19))[(int)Resource.OpenFiles]);

    [Fact]
    public void The_limit_of_open_files_does_not_stand_in_the_way_of_the_childs_own_descriptors() =>
        Assert.Equal(
            "",
            Capture.Text(
                new Command("cat", "/proc/self/fd/200")
                    .WithDescriptor(200, Stdio.Null)
                    .WithLimit(Resource.OpenFiles, 64)
            )
        );

    [Fact]
    public void Raising_a_hard_limit_as_a_plain_user_is_EPERM()
    {
        // The first command lowers it, the second, started by what that became, tries to get it back.
        var run = PlainUser.Spork(
            "EPERM at prlimit64",
            "exec",
            "limit",
            "CoreSize:0:0",
            "--",
            DummyProgram.Executable,
            "spork",
            "run",
            "limit",
            "CoreSize:0:1",
            "--",
            "true"
        );
        var text = run.Output[(run.Output.IndexOf('\n') + 1)..];
        PlainUser.CheckFailure(
            run with
            {
                Output = text,
            },
            "limit",
            "EPERM",
            "RLIMIT_CORE 0:1",
            "prlimit64(0, RLIMIT_CORE, {rlim_cur=0, rlim_max=1}, NULL)"
        );
        Assert.Contains("raising it needs privileges", text, StringComparison.Ordinal);
    }

    [Fact]
    public void More_open_files_than_the_kernel_allows_is_EPERM_even_for_root() =>
        // RLIMIT_NOFILE above fs.nr_open is refused to everybody.
        Failing.Check(
            new Command("true").WithLimit(Resource.OpenFiles, ulong.MaxValue),
            "limit",
            Errno.EPERM,
            "RLIMIT_NOFILE RLIM64_INFINITY:RLIM64_INFINITY",
            "prlimit64(0, RLIMIT_NOFILE, {rlim_cur=RLIM64_INFINITY",
            "privileges"
        );

    [Fact]
    public void The_child_has_the_nice_value_it_was_given() => Assert.Equal(19, ChildView.Of(c => c.WithNice(19)).Nice);

    [Fact]
    public void A_better_nice_value_is_EACCES_to_a_plain_user()
    {
        var run = PlainUser.Spork("EACCES at setpriority", "run", "nice", "-20", "--", "true");
        PlainUser.CheckFailure(run, "nice", "EACCES", "-20", "setpriority(PRIO_PROCESS, 0, -20)");
    }

    [Fact]
    public void The_child_runs_on_the_processors_it_was_given()
    {
        var mine = ChildView.Of(c => c).Processors;
        var last = int.Parse(mine.Split(',', '-')[^1]);
        Assert.Equal(last.ToString(), ChildView.Of(c => c.WithAffinity(last)).Processors);
    }

    [Fact]
    public void A_processor_that_does_not_exist_is_EINVAL()
    {
        Assert.SkipWhen(Environment.ProcessorCount > 8000, "NOT TESTED: absent processors. This machine has them all.");
        Failing.Check(
            new Command("true").WithAffinity(8191),
            "affinity",
            Errno.EINVAL,
            "processors 8191",
            "sched_setaffinity(0, 1024, [8191])"
        );
    }

    private static (ulong Soft, ulong Hard)[] Limits(Func<Command, Command> configure)
    {
        var lines = Capture.Text(configure(new Command("cat", "/proc/self/limits"))).Split('\n');
        return
        [
            .. Names.Select(name =>
                Parse(lines.Single(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..])
            ),
        ];
    }

    private static (ulong Soft, ulong Hard) Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Number(fields[0]), Number(fields[1]));
    }

    private static ulong Number(string text) => text == "unlimited" ? ulong.MaxValue : ulong.Parse(text);
}
