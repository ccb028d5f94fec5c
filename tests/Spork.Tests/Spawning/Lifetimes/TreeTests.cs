using System.IO.Pipes;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What a stop reaches: the child, its group, its tree.</summary>
public class TreeTests
{
    // Makes processes all the time: two levels of children that have short-lived children, orphans that stay, and a chain
    // in which every parent ends as soon as its child is there. Bounded, so that it is fork-happy and no bomb.
    private const string Happy = """
        walk() { sleep 0.002; { walk; } & }
        churn() { while :; do sleep 0.003 & sleep 0.002; done; }
        (sleep 1000 &)
        (churn) & (churn & churn & wait) &
        case $1 in *walk*) { walk; } & ;; esac
        case $1 in *group*) set -m; churn & sleep 1000 & set +m ;; esac
        echo >&9
        churn
        """;

    // As above, but every parent stays: without a session or a cgroup, that is all that can be promised.
    private const string Plain = """
        churn() { while :; do sleep 0.003 & sleep 0.002; wait; done; }
        (churn) & (churn & churn & wait) &
        echo >&9
        churn
        """;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("SPORK_SOAK") == "1";
    private static readonly int Times = IsFull ? 1000 : 40;

    public static TheoryData<string> Kinds => ["cgroup", "session", "plain"];

    [Theory]
    [MemberData(nameof(Kinds))]
    [Deadline(580)]
    public void Nobody_of_a_fork_happy_tree_is_left_after_a_kill(string kind)
    {
        if (kind == "cgroup")
        {
            Cgroups.NeedOwn("kill by cgroup");
        }

        for (var i = 0; i < Times; i++)
        {
            using var witness = new TreeWitness();
            using var child = Start(witness, kind);
            child.KillTree();
            witness.WaitUntilAllAreGone();
            Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Nobody_is_left_when_a_stop_of_the_tree_is_over(string kind)
    {
        if (kind == "cgroup")
        {
            Cgroups.NeedOwn("stop by cgroup");
        }

        for (var i = 0; i < 5; i++)
        {
            using var witness = new TreeWitness();
            using var child = Start(witness, kind);
            await child.StopAsync(new StopOptions { Grace = TimeSpan.FromSeconds(50), Reach = StopReach.Tree });
            witness.WaitUntilAllAreGone();
        }
    }

    /// <summary>It never stands still; after a while it is stopped as it is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_is_continued_by_somebody_else_all_the_time_is_stopped_all_the_same(bool asked)
    {
        using var witness = new TreeWitness();
        using var child = witness.Shell("echo >&9; while :; do :; done").WithKillOnParentExit().Start();
        witness.WaitForLines(1);
        var script = "while kill -CONT $1 2>/dev/null; do :; done";
        using var other = new Command("sh", "-c", script, "sh", $"{child.Id}").WithKillOnParentExit().Start();
        var grace = asked ? TimeSpan.FromSeconds(50) : TimeSpan.Zero;
        var result = await child.StopAsync(new StopOptions { Reach = StopReach.Tree, Grace = grace });
        Assert.Equal(asked ? Signal.SIGTERM : Signal.SIGKILL, result.Status.Signal);
        witness.WaitUntilAllAreGone();
        Assert.True((await other.WaitAsync()).Code == 0);
    }

    [Fact]
    public void The_child_alone_leaves_its_children_alone()
    {
        using var witness = new TreeWitness();
        using var input = new AnonymousPipeServerStream(PipeDirection.Out);
        using var reading = input.ClientSafePipeHandle;
        using var child = witness
            .Shell("sh -c 'read x; echo >&9' <&8 & echo >&9; wait")
            .WithDescriptor(8, Stdio.FromHandle(reading))
            .WithProcessGroup()
            .Start();
        witness.WaitForLines(1);
        Assert.Equal(StopMeans.Gracefully, child.Stop().Means);
        input.WriteByte((byte)'\n');
        witness.WaitForLines(1);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public void The_group_is_reached_also_when_its_leader_has_ended()
    {
        using var witness = new TreeWitness();
        using var child = witness.Shell("sleep 1000 & sleep 1000 & echo >&9").WithProcessGroup().Start();
        witness.WaitForLines(1);
        child.Wait();
        var result = child.Stop(new StopOptions { Reach = StopReach.ProcessGroup });
        Assert.Equal((StopMeans.Gracefully, 0), (result.Means, result.Status.Code));
        witness.WaitUntilAllAreGone();
        Assert.Equal(StopMeans.AlreadyEnded, child.Stop(new StopOptions { Reach = StopReach.ProcessGroup }).Means);
    }

    [Fact]
    public void What_a_session_leader_left_behind_is_reached_after_its_end()
    {
        using var witness = new TreeWitness();
        using var child = witness.Shell("(sleep 1000 &); set -m; sleep 1000 & echo >&9").WithNewSession().Start();
        witness.WaitForLines(1);
        child.Wait();
        var result = child.Stop(new StopOptions { Grace = TimeSpan.Zero, Reach = StopReach.Tree });
        Assert.Equal(StopMeans.Forcefully, result.Means);
        witness.WaitUntilAllAreGone();
    }

    [Fact]
    public void A_daemon_in_a_session_of_its_own_does_not_escape_the_cgroup()
    {
        Cgroups.NeedOwn("daemons in a cgroup");
        var setsid = Tools.FindOrSkip("setsid", "daemons in a cgroup");
        using var witness = new TreeWitness();
        using var child = witness.Shell("(\"$1\" sh -c '(sleep 1000 &) ; echo >&9' &)", setsid).WithOwnCgroup().Start();
        witness.WaitForLines(1);
        child.Wait();
        Assert.True(Directory.Exists(child.OwnCgroup));
        var stop = new StopOptions { Reach = StopReach.Tree };
        Assert.Equal(StopMeans.Gracefully, child.Stop(stop).Means);
        witness.WaitUntilAllAreGone();
        Assert.False(Directory.Exists(child.OwnCgroup));
    }

    [Fact]
    public void A_signal_reaches_the_child_the_group_or_the_tree()
    {
        const string Script = "trap 'echo >&9' USR1; echo >&9; while :; do sleep 0.01; done";
        foreach (
            var (reach, lines) in new[] { (StopReach.Process, 1), (StopReach.ProcessGroup, 2), (StopReach.Tree, 3) }
        )
        {
            using var witness = new TreeWitness();
            using var child = witness
                .Shell(
                    "sh -c \"$1\" & set -m; sh -c \"$1\" & set +m; sleep 1000 & eval \"$1\"",
                    Script.Replace("sleep 0.01", ":", StringComparison.Ordinal)
                )
                .WithProcessGroup()
                .Start();
            witness.WaitForLines(3);
            child.SendSignal(Signal.SIGUSR1, reach);
            witness.WaitForLines(lines);
            child.KillTree();
            witness.WaitUntilAllAreGone();
        }
    }

    [Fact]
    public void A_group_that_the_child_does_not_lead_is_refused()
    {
        using var child = new Command("sleep", "1000").WithStandardInput(Stdio.Null).Start();
        var stop = new StopOptions { Reach = StopReach.ProcessGroup };
        Assert.Throws<InvalidOperationException>(() => child.Stop(stop));
        Assert.Throws<InvalidOperationException>(() => child.SendSignal(Signal.SIGTERM, StopReach.ProcessGroup));
        Assert.False(child.HasExited);
        child.Stop(StopOptions.Forceful);
    }

    [Fact]
    public void The_tree_of_a_child_that_ended_long_ago_is_nobody()
    {
        using var child = new Command("true").Start();
        child.Wait();
        child.KillTree();
        child.Dispose();
        child.KillTree();
        Assert.Equal(StopMeans.AlreadyEnded, child.Stop(new StopOptions { Reach = StopReach.Tree }).Means);
    }

    [Fact]
    public void Killing_a_tree_leaves_nothing_behind()
    {
        Kill();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 10; i++)
        {
            Kill();
        }

        Leftovers.AssertNothingLeftSoon(before, 10);

        static void Kill()
        {
            using var witness = new TreeWitness();
            using var child = Start(witness, "session");
            child.KillTree();
            witness.WaitUntilAllAreGone();
        }
    }

    private static ChildProcess Start(TreeWitness witness, string kind)
    {
        var command = kind switch
        {
            "cgroup" => witness.Shell(Happy, "walk group").WithOwnCgroup(),
            "session" => witness.Shell(Happy, "walk group").WithNewSession(),
            _ => witness.Shell(Plain),
        };
        var child = command.WithStandardError(Stdio.Null).Start();
        witness.WaitForLines(1);
        return child;
    }
}
