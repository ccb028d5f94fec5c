using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>Who the program is and what it may, read from its own /proc/self/status.</summary>
public class CredentialTests
{
    private const uint Somebody = 54321;

    [Fact]
    public void A_user_and_a_group_by_number_are_real_effective_saved_and_file_system_ids()
    {
        RootOnly.Skip("changing the user");
        var view = IsolatedView.Of(c => c.WithUser(Somebody).WithGroup(Somebody + 1));
        Assert.Equal("54321\t54321\t54321\t54321", view["Uid"]);
        Assert.Equal("54322\t54322\t54322\t54322", view["Gid"]);
        Assert.Equal("", view["Groups"]);
    }

    [Fact]
    public void A_user_by_name_brings_its_group_and_its_supplementary_groups()
    {
        RootOnly.Skip("changing the user");
        var id = Tools.FindOrSkip("id", "names of users");
        var view = IsolatedView.Of(c => c.WithUser("nobody"));
        var uid = ToolRun.Of(id, "-u", "nobody").Output.Trim();
        var gid = ToolRun.Of(id, "-g", "nobody").Output.Trim();
        Assert.StartsWith($"{uid}\t{uid}", view["Uid"], StringComparison.Ordinal);
        Assert.StartsWith($"{gid}\t{gid}", view["Gid"], StringComparison.Ordinal);
        Assert.Equal(
            ToolRun.Of(id, "-G", "nobody").Output.Trim().Split(' ').Order(StringComparer.Ordinal),
            view["Groups"].Split(' ').Order(StringComparer.Ordinal)
        );
        Assert.Equal(view["Uid"], IsolatedView.Of(c => c.WithUser(uint.Parse(uid)))["Uid"]);
    }

    [Fact]
    public void Supplementary_groups_are_exactly_those_that_were_given()
    {
        RootOnly.Skip("supplementary groups");
        Assert.Equal("7 4711", IsolatedView.Of(c => c.WithSupplementaryGroups(4711, 7))["Groups"]);
        Assert.Equal("", IsolatedView.Of(c => c.WithSupplementaryGroups())["Groups"]);
        Assert.Equal("0", IsolatedView.Of(c => c.WithSupplementaryGroupNames("root"))["Groups"]);
        Assert.Contains(
            "65534",
            IsolatedView.Of(c => c.WithSupplementaryGroupsOf("nobody"))["Groups"],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Kept_capabilities_are_the_only_ones_for_another_user_too()
    {
        RootOnly.Skip("capabilities");
        foreach (var configure in (Func<Command, Command>[])[c => c, c => c.WithUser(Somebody).WithGroup(Somebody)])
        {
            var view = IsolatedView.Of(c =>
                configure(c).WithCapabilities(Capability.CAP_NET_RAW, Capability.CAP_CHECKPOINT_RESTORE)
            );
            Assert.All(
                ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"],
                set => Assert.Equal((set, "0000010000002000"), (set, view[set]))
            );
        }
    }

    [Fact]
    public void No_capabilities_at_all_leave_root_without_any()
    {
        RootOnly.Skip("capabilities");
        var view = IsolatedView.Of(c => c.WithCapabilities());
        Assert.All(
            ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"],
            set => Assert.Equal((set, "0000000000000000"), (set, view[set]))
        );
    }

    [Fact]
    public void A_dropped_capability_is_in_no_set_and_the_others_stay()
    {
        RootOnly.Skip("capabilities");
        var before = IsolatedView.Of(c => c);
        var view = IsolatedView.Of(c => c.WithoutCapabilities(Capability.CAP_NET_RAW));
        foreach (var set in (string[])["CapPrm", "CapEff", "CapBnd"])
        {
            Assert.Equal(Convert.ToUInt64(before[set], 16) & ~(1UL << 13), Convert.ToUInt64(view[set], 16));
        }
    }

    [Fact]
    public void Without_capabilities_asked_for_another_user_has_none()
    {
        RootOnly.Skip("capabilities");
        var view = IsolatedView.Of(c => c.WithUser(Somebody).WithGroup(Somebody));
        Assert.Equal(("0000000000000000", "0000000000000000"), (view["CapPrm"], view["CapEff"]));
    }

    // setresuid takes capabilities only from who was user 0.
    [Theory]
    [InlineData("1001")]
    [InlineData("65534")]
    public void A_plain_users_ambient_capabilities_do_not_pass_on_to_another_user(string user)
    {
        const string NotTested = "a plain user's ambient capabilities";
        var status = PlainUser.WithAmbient(
            NotTested,
            "setuid,setgid",
            ["spork", "run", "user", user, "gid", "1001", "--", "cat", "/proc/self/status"]
        );
        Assert.Equal((0, ""), (status.Code, status.Errors));
        Assert.Contains($"Uid:\t{user}\t{user}", status.Output, StringComparison.Ordinal);
        Assert.All(
            ["CapInh", "CapPrm", "CapEff", "CapAmb"],
            set => Assert.Contains($"{set}:\t0000000000000000\n", status.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void For_user_0_a_plain_users_inheritable_and_ambient_capabilities_are_cleared()
    {
        var status = PlainUser.WithAmbient(
            "a plain user's ambient capabilities",
            "setuid,setgid",
            ["spork", "run", "user", "0", "gid", "0", "--", "cat", "/proc/self/status"]
        );
        Assert.Equal((0, ""), (status.Code, status.Errors));
        Assert.All(
            ["CapInh", "CapAmb"],
            set => Assert.Contains($"{set}:\t0000000000000000\n", status.Output, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void No_new_privileges_is_set_with_and_without_a_second_stage()
    {
        Assert.Equal("0", IsolatedView.Of(c => c)["NoNewPrivs"]);
        Assert.Equal("1", IsolatedView.Of(c => c.WithNoNewPrivileges())["NoNewPrivs"]);
        Assert.Equal("1", IsolatedView.Of(c => c.WithNoNewPrivileges().WithOomScoreAdjustment(900))["NoNewPrivs"]);
    }

    [Fact]
    public void The_parent_death_signal_outlives_the_change_of_user()
    {
        RootOnly.Skip("the parent-death signal of another user");
        var run = ToolRun.Of(
            DummyProgram.Executable,
            "spork",
            "start-and-die",
            "user",
            "65534",
            "parent-death",
            "SIGKILL",
            "--",
            "sleep",
            "100"
        );
        var child = int.Parse(run.Output.Trim());
        Waiting.For(() => OtherProcess.HasEnded(child), "the child of a dead parent to end");
    }

    [Fact]
    public void The_working_directory_is_entered_as_the_new_user()
    {
        RootOnly.Skip("the new user's permissions");
        using var directory = new TempDirectory();
        File.SetUnixFileMode(directory.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        Failing.Check(
            new Command("/bin/true").WithUser(Somebody).WithGroup(Somebody).WithWorkingDirectory(directory.Path),
            "chdir",
            Errno.EACCES,
            directory.Path,
            $"chdir(\"{directory.Path}\")"
        );
    }

    [Fact]
    public void Files_for_descriptors_are_opened_before_as_the_old_user()
    {
        RootOnly.Skip("the old user's permissions");
        using var directory = new TempDirectory();
        var file = directory.Write("secret", "for root\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        var command = new Command("cat").WithUser(Somebody).WithGroup(Somebody).WithStandardInput(Stdio.Read(file));
        Assert.Equal("for root\n", Capture.Text(command));
    }

    [Fact]
    public void A_user_that_nobody_knows_is_named()
    {
        var e = Assert.Throws<SpawnException>(() => new Command("true").WithUser("no-such-user").Start());
        Assert.Equal(("user", "no-such-user", Errno.ENOENT, 0), (e.Step, e.Subject, e.Errno, e.StepIndex));
        Assert.Contains("no database", e.Hint, StringComparison.Ordinal);
        e = Assert.Throws<SpawnException>(() => new Command("true").WithGroup("no-such-group").Start());
        Assert.Equal(("group", "no-such-group", Errno.ENOENT), (e.Step, e.Subject, e.Errno));
        e = Assert.Throws<SpawnException>(() => new Command("true").WithSupplementaryGroupsOf("no-such").Start());
        Assert.Equal(("supplementary groups", "no-such"), (e.Step, e.Subject));
    }

    [Fact]
    public void A_number_that_no_database_knows_needs_its_group_said()
    {
        var e = Assert.Throws<SpawnException>(() => new Command("true").WithUser(Somebody).Start());
        Assert.Equal(("user", "54321"), (e.Step, e.Subject));
        Assert.Contains("WithGroup", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_refused_where_it_is_said()
    {
        var command = new Command("true");
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithUser(uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithGroup(uint.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithSupplementaryGroups(1, uint.MaxValue));
        Assert.Throws<ArgumentException>(() => command.WithUser(""));
        Assert.Throws<ArgumentException>(() => command.WithGroup("a\0b"));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithCapabilities((Capability)64));
        Assert.Throws<InvalidOperationException>(() =>
            command.WithCapabilities(Capability.CAP_KILL).WithoutCapabilities(Capability.CAP_KILL)
        );
        Assert.Throws<InvalidOperationException>(() =>
            command.WithoutCapabilities(Capability.CAP_KILL).WithCapabilities()
        );
    }

    [Theory]
    [InlineData("user", "1", "gid", "1", "group", "EPERM", "setresgid(1, 1, 1)", "CAP_SETGID")]
    [InlineData("groups", "1", "nice", "19", "supplementary groups", "EPERM", "setgroups(1, [1])", "CAP_SETGID")]
    [InlineData(
        "without-capability",
        "CAP_KILL",
        "nice",
        "19",
        "bounding set",
        "EPERM",
        "prctl(PR_CAPBSET_DROP",
        "CAP_SETPCAP"
    )]
    [InlineData("chroot", "/", "nice", "19", "chroot", "EPERM", "chroot(\"/\")", "CAP_SYS_CHROOT")]
    [InlineData(
        "namespaces",
        "Network",
        "nice",
        "19",
        "unshare",
        "EPERM",
        "unshare(CLONE_NEWNET)",
        "WithOwnIdentityAs"
    )]
    [InlineData("oom", "-1000", "nice", "19", "oom score", "EACCES", "write(", "CAP_SYS_RESOURCE")]
    [InlineData(
        "scheduler",
        "Fifo:50",
        "nice",
        "19",
        "scheduler",
        "EPERM",
        "sched_setscheduler(0, SCHED_FIFO",
        "CAP_SYS_NICE"
    )]
    [InlineData("io-priority", "RealTime:0", "nice", "19", "I/O priority", "EPERM", "ioprio_set(", "CAP_SYS_NICE")]
    [InlineData("netns", "/proc/self/ns/net", "nice", "19", "setns", "EPERM", "setns(", "CAP_SYS_ADMIN")]
    public void What_a_plain_user_may_not_is_named_with_what_it_needs(
        string option,
        string value,
        string second,
        string secondValue,
        string step,
        string errno,
        string call,
        string hint
    )
    {
        if (option == "user")
        {
            // Groups first: it is the group that is refused, unless the groups are.
            (option, value) = ("gid", "1");
            (second, secondValue) = ("nice", "19");
        }

        var run = PlainUser.Spork($"{step} as a plain user", "run", option, value, second, secondValue, "--", "true");
        var report = PlainUser.Failure(run);
        Assert.Equal((step, errno), (report["step"], report["errno"]));
        Assert.StartsWith(call, report["explained"], StringComparison.Ordinal);
        Assert.Contains(hint, report["message"], StringComparison.Ordinal);
    }
}
