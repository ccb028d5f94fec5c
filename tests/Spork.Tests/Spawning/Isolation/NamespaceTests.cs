using Spork.Linux;
using Spork.Machine;
using Spork.Tests.Programs;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>What of the machine the program sees: namespaces, clocks, host name, root directory.</summary>
public class NamespaceTests
{
    public static TheoryData<Namespaces, string> Kinds =>
        new()
        {
            { Namespaces.Mount, "mnt" },
            { Namespaces.Network, "net" },
            { Namespaces.HostName, "uts" },
            { Namespaces.Ipc, "ipc" },
            { Namespaces.Cgroup, "cgroup" },
            { Namespaces.Time, "time" },
            { Namespaces.Process, "pid" },
            { Namespaces.User, "user" },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_new_namespace_is_new_and_all_others_are_this_processs(Namespaces kind, string name)
    {
        RootOnly.Skip("new namespaces");
        var listing = Capture.Text(
            new Command("readlink", [.. Kinds.Select(k => $"/proc/self/ns/{k.Data.Item2}")]).WithNewNamespaces(kind)
        );
        var seen = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var line in seen)
        {
            var own = IsolatedView.OwnNamespace(line.Split(':')[0]);
            Assert.Equal((line, line.StartsWith(name + ":", StringComparison.Ordinal)), (line, line != own));
        }

        Assert.Equal(Kinds.Count, seen.Length);
    }

    [Fact]
    public async Task In_a_new_process_namespace_the_program_is_number_1_however_it_is_started()
    {
        RootOnly.Skip("new process namespaces");
        var command = new Command("/bin/sh", "-c", "exit $$").WithNewNamespaces(Namespaces.Process);
        Assert.Equal(1, command.Run().Code);
        Assert.Equal(1, (await command.RunAsync()).Code);
        using var gated = command.StartGated();
        using var child = gated.Release();
        Assert.Equal(1, child.Wait().Code);
        // The look for the parent cannot go by its number there, which is 0 inside.
        Assert.Equal(1, command.WithParentDeathSignal(Signal.SIGTERM).Run().Code);
    }

    [Fact]
    public void A_child_at_the_gate_of_a_new_process_namespace_goes_with_its_parent()
    {
        RootOnly.Skip("new process namespaces");
        var run = ToolRun.Of(
            DummyProgram.Executable,
            "spork",
            "gate-and-die",
            "namespaces",
            "Process",
            "--",
            "sleep",
            "100"
        );
        var child = int.Parse(run.Output.Trim());
        Waiting.For(() => OtherProcess.HasEnded(child), "the child at the gate of a dead parent to end");
    }

    [Fact]
    public void Clocks_are_ahead_and_behind_by_what_was_said()
    {
        RootOnly.Skip("time namespaces");
        var offsets = Capture.Text(
            new Command("cat", "/proc/self/timens_offsets").WithClockOffsets(
                TimeSpan.FromSeconds(5000.25),
                TimeSpan.FromSeconds(-0.5)
            )
        );
        Assert.Equal(
            ["monotonic 5000 250000000", "boottime -1 500000000"],
            offsets
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
        // In hundredths, both rounded down; in binary their difference may fall short of what it is.
        var mine = decimal.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0]);
        var childs = decimal.Parse(
            Capture
                .Text(new Command("cat", "/proc/uptime").WithClockOffsets(TimeSpan.Zero, TimeSpan.FromSeconds(100_000)))
                .Split(' ')[0]
        );
        Assert.InRange(childs - mine, 100_000, 100_100);
    }

    [Fact]
    public void A_host_name_is_the_programs_alone()
    {
        RootOnly.Skip("host names");
        var before = Environment.MachineName;
        Assert.Equal("elsewhere\n", Capture.Text(new Command("uname", "-n").WithHostName("elsewhere")));
        Assert.Equal(before, Environment.MachineName);
    }

    [Fact]
    public void A_limit_of_open_files_is_the_programs_and_not_the_steps_before_it()
    {
        RootOnly.Skip("time namespaces");
        using var program = new Scale.NoOpProgram();
        var command = program.Command.WithLimit(Resource.OpenFiles, 3, 3);
        Assert.Equal(0, command.WithNewNamespaces(Namespaces.Time).Run().Code);
        Assert.Equal(0, command.WithOomScoreAdjustment(900).Run().Code);
    }

    [Fact]
    public void Maps_are_not_written_through_another_process_namespaces_proc()
    {
        const string NotTested = "maps beside another process namespace's /proc";
        RootOnly.Skip(NotTested);
        var run = ToolRun.Of(
            Tools.FindOrSkip("unshare", NotTested),
            "--pid",
            "--fork",
            DummyProgram.Executable,
            "spork",
            "run",
            "own-identity",
            "0",
            "--",
            "true"
        );
        var report = PlainUser.Failure(run);
        Assert.Equal(
            ("uid_map", "ENOENT", "/proc of this process namespace"),
            (report["step"], report["errno"], report["subject"])
        );
        Assert.Contains("mount it", report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_mounted_in_a_new_mount_namespace_stays_there()
    {
        RootOnly.Skip("mounts");
        var mount = Tools.FindOrSkip("mount", "mounts in a new namespace");
        using var directory = new TempDirectory();
        var command = new Command(
            "/bin/sh",
            "-c",
            $"{mount} -t tmpfs inside {directory.Path} && : > {directory["file"]}"
        ).WithNewNamespaces(Namespaces.Mount);
        Assert.True(command.Run().IsSuccess);
        Assert.False(File.Exists(directory["file"]));
        Assert.DoesNotContain(directory.Path, File.ReadAllText("/proc/self/mounts"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_existing_namespace_is_entered_by_its_descriptor_or_through_a_process()
    {
        RootOnly.Skip("joining namespaces");
        using var holder = new Command("sleep", "100")
            .WithNewNamespaces(Namespaces.Network | Namespaces.HostName | Namespaces.Mount | Namespaces.Time)
            .Start();
        try
        {
            var expected = new FileInfo($"/proc/{holder.Id}/ns/net").LinkTarget;
            using var network = File.OpenHandle($"/proc/{holder.Id}/ns/net");
            Assert.Equal(expected, IsolatedView.Namespace("net", c => c.WithNamespace(network)));
            Assert.Equal(expected, IsolatedView.Namespace("net", c => c.WithNamespace(network, Namespaces.Network)));
            Assert.Equal(
                IsolatedView.OwnNamespace("uts"),
                IsolatedView.Namespace("uts", c => c.WithNamespace(network))
            );
            var several = Namespaces.Network | Namespaces.HostName | Namespaces.Mount | Namespaces.Time;
            foreach (var name in (string[])["net", "uts", "mnt", "time"])
            {
                Assert.Equal(
                    new FileInfo($"/proc/{holder.Id}/ns/{name}").LinkTarget,
                    IsolatedView.Namespace(name, c => c.WithNamespace(holder.Handle, several))
                );
            }

            Failing.Check(
                new Command("true").WithNamespace(network, Namespaces.Mount),
                "setns",
                Errno.EINVAL,
                "CLONE_NEWNS",
                "setns(",
                "not a namespace of that kind"
            );
        }
        finally
        {
            holder.Kill();
            holder.Wait();
        }
    }

    [Fact]
    public void The_program_and_its_directory_are_looked_up_in_the_new_root()
    {
        RootOnly.Skip("chroot");
        using var root = new TempDirectory();
        Assert.SkipWhen(MachineArchitecture.Current is null, "NOT TESTED: chroot: no static program can be written.");
        var noOp = TestPrograms.Build(p =>
        {
            p.Do(Syscall.exit, 0);
            p.End();
        });
        StaticProgram.Write(noOp, root["no-op"]);
        Directory.CreateDirectory(root["sub"]);
        Assert.Equal(0, new Command("/no-op").WithRootDirectory(root.Path).Run().Code);
        Assert.Equal(0, new Command("../no-op").WithRootDirectory(root.Path).WithWorkingDirectory("/sub").Run().Code);
        var e = Failing.Check(
            new Command("/bin/true").WithRootDirectory(root.Path),
            "execve",
            Errno.ENOENT,
            "/bin/true",
            "execve(\"/bin/true\"",
            "inside"
        );
        Assert.True(e.ProgramNotFound);
        Failing.Check(
            new Command("/no-op").WithRootDirectory(root["missing"]),
            "chroot",
            Errno.ENOENT,
            root["missing"],
            "chroot(\"",
            "root directory does not exist"
        );
        Failing.Check(
            new Command("/no-op").WithRootDirectory(root.Path).WithWorkingDirectory("/missing"),
            "chdir",
            Errno.ENOENT,
            "/missing",
            "chdir(\"/missing\")",
            "working directory"
        );
    }

    [Fact]
    public void Root_in_ones_own_user_namespace_with_all_capabilities_needs_no_privileges()
    {
        const string NotTested = "user namespaces of a plain user";
        var probe = ToolRun.Of(Tools.FindOrSkip("unshare", NotTested), "--user", "--map-root-user", "true");
        var run = PlainUser.Dummy(
            NotTested,
            "spork",
            "run",
            "own-identity",
            "0",
            "namespaces",
            "Mount, Network, Process, HostName, Ipc, Cgroup, Time",
            "--",
            "/bin/sh",
            "-c",
            "id -u; id -g; echo $$; grep CapEff /proc/self/status; cat /proc/self/setgroups"
        );
        Assert.SkipWhen(
            probe.Code != 0 || run.Output.Contains("errno=EPERM", StringComparison.Ordinal),
            $"NOT TESTED: {NotTested}: not allowed here: {probe.Errors}{run.Output}"
        );
        Assert.Equal((0, ""), (run.Code, run.Errors));
        var lines = run.Output.Split('\n');
        Assert.Equal(["0", "0", "1"], lines[..3]);
        Assert.EndsWith("ffffffff", lines[3], StringComparison.Ordinal);
        Assert.Equal("deny", lines[4]);
    }

    [Fact]
    public void Another_number_for_oneself_makes_namespaces_too_and_leaves_no_capabilities()
    {
        const string NotTested = "user namespaces of a plain user";
        var run = PlainUser.Dummy(
            NotTested,
            "spork",
            "run-async",
            "own-identity",
            "77",
            "namespaces",
            "Network",
            "--",
            "/bin/sh",
            "-c",
            "id -u; grep -E 'CapInh|CapPrm|CapEff|CapAmb' /proc/self/status | tr -d '\\n\\t'; wc -l < /proc/net/dev"
        );
        Assert.SkipWhen(
            run.Output.Contains("errno=EPERM", StringComparison.Ordinal),
            $"NOT TESTED: {NotTested}: not allowed here: {run.Output}"
        );
        Assert.Equal(
            (0, "77\nCapInh:0000000000000000CapPrm:0000000000000000CapEff:0000000000000000CapAmb:00000000000000003\n"),
            (run.Code, run.Output)
        );
    }

    [Fact]
    public void A_map_that_a_plain_user_may_not_write_is_named()
    {
        const string NotTested = "maps of a plain user";
        var run = PlainUser.Spork(NotTested, "run", "user-map", "0:1:1", "--", "true");
        var report = PlainUser.Failure(run);
        Assert.SkipWhen(report["step"] == "clone3", $"NOT TESTED: {NotTested}: {report["message"]}");
        Assert.Equal(("uid_map", "EPERM", "0 1 1"), (report["step"], report["errno"], report["subject"]));
        Assert.Contains("WithOwnIdentityAs", report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_of_users_and_groups_are_mapped_for_root()
    {
        RootOnly.Skip("maps of more than oneself");
        var command = new Command("/bin/sh", "-c", "id -u; id -g; id -G; cat /proc/self/uid_map")
            .WithUserMap(new IdMap(0, 100_000, 1000), new IdMap(5000, 200_000, 10))
            .WithGroupMap(new IdMap(0, 100_000, 1000))
            .WithUser(3)
            .WithGroup(4)
            .WithSupplementaryGroups(5);
        var lines = Capture.Text(command).Split('\n');
        Assert.Equal(["3", "4", "4 5"], lines[..3]);
        Assert.Equal(
            ["0 100000 1000", "5000 200000 10"],
            lines[3..5].Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
        var e = Assert.Throws<SpawnException>(() => command.WithUser(2000).Start());
        Assert.Equal(("user", "2000", Errno.EINVAL), (e.Step, e.Subject, e.Errno));
        Assert.Contains("map", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gated_child_waits_in_its_user_namespace_until_its_maps_are_written()
    {
        RootOnly.Skip("maps written by hand");
        var command = new Command("/bin/sh", "-c", "exit $(id -u)").WithNewNamespaces(Namespaces.User);
        using var gated = command.StartGated();
        File.WriteAllText($"/proc/{gated.Id}/uid_map", "42 0 1");
        using var child = gated.Release();
        Assert.Equal(42, child.Wait().Code);
    }

    [Fact]
    public void The_out_of_memory_score_is_the_childs_alone()
    {
        var before = File.ReadAllText("/proc/self/oom_score_adj");
        Assert.Equal("777\n", Capture.Text(new Command("cat", "/proc/self/oom_score_adj").WithOomScoreAdjustment(777)));
        Assert.Equal(before, File.ReadAllText("/proc/self/oom_score_adj"));
    }

    [Fact]
    public void Policy_and_IO_priority_reach_the_child_with_and_without_a_second_stage()
    {
        foreach (var configure in (Func<Command, Command>[])[c => c, c => c.WithOomScoreAdjustment(1)])
        {
            var stat = Capture.Text(
                configure(new Command("cat", "/proc/self/stat"))
                    .WithScheduler(SchedulingPolicy.Batch)
                    .WithIoPriority(IoPriorityClass.Idle)
            );
            // proc_pid_stat(5), field 41: policy; SCHED_BATCH is 3.
            Assert.Equal("3", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38]);
        }

        var ionice = Tools.FindOrSkip("ionice", "I/O priority of a child");
        Assert.Equal(
            "best-effort: prio 6\n",
            Capture.Text(new Command("/bin/sh", "-c", $"{ionice} -p $$").WithIoPriority(IoPriorityClass.BestEffort, 6))
        );
    }

    [Fact]
    public void What_contradicts_itself_is_refused()
    {
        using var handle = File.OpenHandle("/proc/self/ns/net");
        var command = new Command("true");
        Assert.Throws<NotSupportedException>(() => command.WithNamespace(handle, Namespaces.Process));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithNewNamespaces((Namespaces)1));
        Assert.Throws<ArgumentException>(() => command.WithHostName(new string('a', 65)));
        Assert.Throws<ArgumentException>(() => command.WithUserMap());
        Assert.Throws<ArgumentException>(() => command.WithUserMap(new IdMap(0, 0, 0)));
        Assert.Throws<InvalidOperationException>(() => command.WithOwnIdentityAs().WithUserMap(new IdMap(0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithOomScoreAdjustment(1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithIoPriority(IoPriorityClass.BestEffort, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithScheduler(SchedulingPolicy.Fifo));
        Assert.Throws<ArgumentOutOfRangeException>(() => command.WithScheduler(SchedulingPolicy.Batch, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            command.WithClockOffsets(TimeSpan.MaxValue, TimeSpan.FromDays(100_000_000))
        );
        Assert.Throws<InvalidOperationException>(() =>
            command.WithNewNamespaces(Namespaces.Network).WithNamespace(handle, Namespaces.Network).Start()
        );
        Assert.Throws<InvalidOperationException>(() =>
            command.WithRootDirectory("/").WithWorkingDirectory(handle).Start()
        );
    }
}
