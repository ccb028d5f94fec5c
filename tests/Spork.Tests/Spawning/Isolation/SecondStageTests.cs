using Spork.Linux;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>The second stage itself: nothing of it shows in the parent, in the program, or afterwards.</summary>
public class SecondStageTests
{
    private const int Many = 300;

    private static Command Staged => new Command("/bin/true").WithOomScoreAdjustment(900);

    [Fact]
    public void The_parent_is_as_it_was()
    {
        var before = Self();
        Assert.True(Staged.Run().IsSuccess);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.True(
                Staged
                    .WithUser(65534)
                    .WithGroup(65534)
                    .WithCapabilities(Capability.CAP_KILL)
                    .WithHostName("x")
                    .WithNewNamespaces(Namespaces.Mount | Namespaces.Process | Namespaces.Time)
                    .WithRootDirectory("/")
                    .Run()
                    .IsSuccess
            );
            Assert.True(Staged.WithOwnIdentityAs(7).Run().IsSuccess);
        }

        Assert.Equal(before, Self());
    }

    // Done by a child that shares our memory: see ADR 0009.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_belongs_to_the_task_leaves_the_parents_threads_as_they_were(bool synchronous)
    {
        var command = new Command("cat", "/proc/self/status", "/proc/self/stat")
            .WithNoNewPrivileges()
            .WithIoPriority(IoPriorityClass.Idle)
            .WithScheduler(SchedulingPolicy.Batch);
        var ionice = Tools.FindOrSkip("ionice", "the I/O priority of this process beside its child's");
        var before = Threads();
        var view = synchronous
            ? command.Capture(cancellationToken: TestContext.Current.CancellationToken)
            : await command.CaptureAsync(cancellationToken: TestContext.Current.CancellationToken);
        var text = view.EnsureSuccess().StandardOutput.Text;
        Assert.Contains("NoNewPrivs:\t1\n", text, StringComparison.Ordinal);
        Assert.Equal("3", Policy(text));

        var after = Threads();
        var common = before.Keys.Intersect(after.Keys).ToArray();
        Assert.Contains(Environment.ProcessId, common);
        Assert.All(common, id => Assert.Equal(before[id], after[id]));

        Dictionary<int, string> Threads()
        {
            var found = new Dictionary<int, string>();
            foreach (var directory in Directory.GetDirectories("/proc/self/task"))
            {
                var id = Path.GetFileName(directory);
                try
                {
                    var privileges = File.ReadLines($"{directory}/status")
                        .First(l => l.StartsWith("NoNewPrivs", StringComparison.Ordinal));
                    var io = ToolRun.Of(ionice, "-p", id);
                    found[int.Parse(id)] =
                        $"{privileges}, policy {Policy(File.ReadAllText($"{directory}/stat"))}, {io.Output}";
                }
                catch (IOException)
                {
                    // It has just ended.
                }
            }

            return found;
        }

        // proc_pid_stat(5), field 41; SCHED_BATCH is 3.
        static string Policy(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38];
    }

    [Fact]
    public void The_program_has_its_own_name_no_descriptor_of_the_stage_and_nothing_blocked()
    {
        Assert.Equal("cat\n", Capture.Text(new Command("cat", "/proc/self/comm").WithOomScoreAdjustment(900)));
        var list = new Command("ls", "/proc/self/fd");
        Assert.Equal(Capture.Text(list), Capture.Text(list.WithOomScoreAdjustment(900)));
        var view = ChildView.Of(c => c.WithOomScoreAdjustment(900).WithSignalMask(Signal.SIGUSR1));
        Assert.Equal((ChildView.Bit(Signal.SIGUSR1), 0UL, 0UL), (view.Blocked, view.Ignored, view.Caught));
    }

    [Fact]
    public void Descriptors_are_the_same_through_two_stages()
    {
        using var directory = new TempDirectory();
        var files = Enumerable.Range(3, 6).ToDictionary(n => n, n => directory.Write($"{n}", $"file {n}"));
        var command = new Command("/bin/sh", "-c", "cat <&3 <&4; cat <&4; cat <&5; cat <&6; cat <&7; cat <&8");
        foreach (var (number, path) in files)
        {
            command = command.WithDescriptor(number, Stdio.Read(path));
        }

        Assert.Equal(Capture.Text(command), Capture.Text(command.WithOomScoreAdjustment(900)));
    }

    [Fact]
    public void A_start_of_any_kind_leaves_nothing_behind()
    {
        AssertLeavesNothing(() => Assert.True(Staged.Run().IsSuccess));
        AssertLeavesNothing(() => Assert.True(Staged.RunAsync().GetAwaiter().GetResult().IsSuccess));
        AssertLeavesNothing(() => Staged.StartGated().Dispose());
        AssertLeavesNothing(() => Assert.Throws<SpawnException>(() => Staged.WithWorkingDirectory("/no/such").Start()));
    }

    [Fact]
    public void A_program_that_is_not_there_is_not_found_through_two_stages()
    {
        var e = Failing.Check(
            new Command("/no/such/program").WithOomScoreAdjustment(900),
            "execve",
            Errno.ENOENT,
            "/no/such/program",
            "execve(\"/no/such/program\""
        );
        Assert.True(e.ProgramNotFound);
    }

    [Fact]
    public void A_step_of_the_first_stage_that_fails_is_named_as_ever() =>
        Failing.Check(
            Staged.WithStandardInput(Stdio.Read("/no/such/file")),
            "open",
            Errno.ENOENT,
            "/no/such/file",
            "openat(AT_FDCWD, \"/no/such/file\""
        );

    [Fact]
    public void A_source_that_is_not_open_here_is_not_by_chance_the_stages_own()
    {
        int[] closed;
        using (var one = File.OpenHandle("/dev/null"))
        using (var two = File.OpenHandle("/dev/null"))
        using (var three = File.OpenHandle("/dev/null"))
        {
            closed = [.. new[] { one, two, three }.Select(h => (int)h.DangerousGetHandle())];
        }

        // The lowest free numbers, which the stage's file, report and pipe would have had.
        foreach (var number in closed)
        {
            Failing.Check(
                Staged.WithDescriptor(900, Stdio.FromDescriptor(number)),
                "dup3",
                Errno.EBADF,
                $"{number} to 900",
                $"dup3({number}, 900, 0)",
                "not open"
            );
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_killed_in_the_second_stage_is_reported_at_its_step(bool asynchronous)
    {
        using var busy = new BusyProgram();
        var before = ProcessCounts.TakeBaseline();
        var (starting, child) = busy.Start(asynchronous, before, CancellationToken.None);
        using (var pidFd = Support.PidFd.Open(child))
        {
            pidFd.Kill();
        }

        var e = await Assert.ThrowsAsync<SpawnException>(() => starting);
        Assert.Equal(Signal.SIGKILL, e.KilledBy);
        Assert.Contains(e.Step, (string[])["wait", "execve"]);
        var listing = busy.Command.Explain(new StartMode(asynchronous, Gated: false, SpawnLadder.Rung));
        Assert.Equal((listing.Lines.Count, busy.Command.Program), (e.StepCount, e.Subject));
        Assert.StartsWith(
            e.Step == "wait" ? "clock_nanosleep(" : "execve(",
            listing.Lines[e.StepIndex - 1].Call,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task A_start_cancelled_in_the_second_stage_leaves_no_process()
    {
        using var busy = new BusyProgram();
        var command = busy.Command;
        var before = ProcessCounts.TakeBaseline();
        foreach (
            var start in (Func<CancellationToken, Task>[])
                [
                    t => command.StartAsync(t).AsTask(),
                    t => Task.Run(() => command.Start(t), CancellationToken.None),
                    t => Task.Run(() => command.Run(t), CancellationToken.None),
                ]
        )
        {
            using var cancellation = new CancellationTokenSource();
            var starting = start(cancellation.Token);
            var child = BusyProgram.FindChild(before);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
            Assert.False(Directory.Exists($"/proc/{child}"));
        }
    }

    [Fact]
    public void A_program_that_is_killed_at_once_has_started()
    {
        for (var i = 0; i < 50; i++)
        {
            using var child = new Command("/bin/sh", "-c", "kill -9 $$").WithOomScoreAdjustment(900).Start();
            Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
            Assert.Equal(
                Signal.SIGKILL,
                new Command("/bin/sh", "-c", "kill -9 $$").WithOomScoreAdjustment(900).Run().Signal
            );
        }
    }

    // To the kernel they look like a stage that never became the program, if only they knew that start's name.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_that_takes_a_stages_name_has_started_all_the_same(bool asynchronous)
    {
        foreach (var name in (string[])["spork\u0001stage 2", "spork\u0001AAAAAAAAA"])
        {
            var renames = new Command("/bin/sh", "-c", "printf %s \"$0\" > /proc/$$/comm; exit 3", name);
            var command = renames.WithOomScoreAdjustment(900);
            Assert.Equal(3, (asynchronous ? await command.RunAsync() : command.Run()).Code);

            using var directory = new TempDirectory();
            var program = directory[name];
            File.Copy("/bin/sleep", program);
            var sleeping = new Command(program, "1000").WithOomScoreAdjustment(900);
            using var child = asynchronous ? await sleeping.StartAsync() : sleeping.Start();
            child.Kill();
            Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
        }
    }

    // Somebody else's fork between the pipe's making and our closing it: the pipe's end is no event any more.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task A_program_has_started_though_somebody_else_holds_the_pipe(bool asynchronous, bool cancelled)
    {
        using var busy = new BusyProgram("/bin/sleep", "1000");
        using var cancellation = new CancellationTokenSource();
        var before = ProcessCounts.TakeBaseline();
        var (starting, stage) = busy.Start(asynchronous, before, cancellation.Token);
        var pipe = OtherProcess
            .Descriptors(stage)
            .First(d => d.Key > 2 && d.Value.StartsWith("pipe:", StringComparison.Ordinal));
        using var held = File.OpenHandle($"/proc/{stage}/fd/{pipe.Key}", FileMode.Open, FileAccess.Write);
        busy.LetGo();
        if (cancelled)
        {
            // A program that runs is spared, though its start has not come back yet.
            Waiting.For(() => File.ReadAllText($"/proc/{stage}/comm") == "program\n", "the stage to be the program");
            await cancellation.CancelAsync();
        }

        using var child = await starting;
        Assert.Equal(stage, child.Id);
        Assert.False(child.HasExited);
        child.Kill();
        Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_stands_still_in_the_second_stage_can_be_cancelled(bool asynchronous)
    {
        using var busy = new BusyProgram();
        using var cancellation = new CancellationTokenSource();
        var before = ProcessCounts.TakeBaseline();
        var (starting, stage) = busy.Start(asynchronous, before, cancellation.Token);
        Assert.Equal(0, Sys.Call(Syscall.kill, stage, Signal.SIGSTOP.Number));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.False(Directory.Exists($"/proc/{stage}"));
    }

    [Fact]
    public void A_limit_of_file_sizes_that_the_stage_exceeds_is_named_and_kills_nobody()
    {
        // The runtime's own memory files would be the first to exceed it.
        var start = new System.Diagnostics.ProcessStartInfo(
            "/bin/sh",
            ["-c", $"ulimit -S -f 1 && exec '{DummyProgram.Executable}' spork run oom 900 -- true"]
        );
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var report = PlainUser.Failure(ToolRun.Of(start));
        Assert.Equal(("write", "EFBIG"), (report["step"], report["errno"]));
        Assert.Contains("RLIMIT_FSIZE", report["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_starts_stage_has_a_name_of_its_own()
    {
        using var busy = new BusyProgram();
        var names = new HashSet<string>();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var (starting, child) = busy.Start(asynchronous: true, before, cancellation.Token);
            var name = await File.ReadAllTextAsync($"/proc/{child}/comm", CancellationToken.None);
            Assert.Matches("^spork\u0001[A-Za-z0-9_-]{9}\n$", name);
            Assert.True(names.Add(name), $"{name} a second time");
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        }
    }

    [Fact]
    public async Task A_thousand_at_once_start_and_end_without_a_thread_each()
    {
        var command = new Command("/bin/sh", "-c", "exit 7").WithOomScoreAdjustment(900);
        await command.RunAsync();
        var before = ProcessCounts.TakeBaseline();
        var codes = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => command.RunAsync()));
        Assert.All(codes, status => Assert.Equal(7, status.Code));
        Leftovers.AssertNothingLeftSoon(before, 1000);
    }

    [Fact]
    public void In_place_what_needs_the_second_stage_is_refused_by_name()
    {
        (Func<Command, Command> Configure, string Step)[] options =
        [
            (c => c.WithUser(0), "user"),
            (c => c.WithGroup(0), "group"),
            (c => c.WithSupplementaryGroups(), "supplementary groups"),
            (c => c.WithCapabilities(), "capabilities"),
            (c => c.WithoutCapabilities(Capability.CAP_KILL), "capabilities"),
            (c => c.WithOomScoreAdjustment(1), "oom score"),
            (c => c.WithRootDirectory("/"), "chroot"),
            (c => c.WithNewNamespaces(Namespaces.Network), "namespaces"),
            (c => c.WithHostName("x"), "namespaces"),
        ];
        foreach (var (configure, step) in options)
        {
            var e = Assert.Throws<SpawnException>(() => configure(new Command("true")).ExecInPlace());
            Assert.Equal((step, Errno.ENOTSUP), (e.Step, e.Errno));
            Assert.Contains("start a child", e.Hint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void On_the_lowest_rung_each_option_is_refused_by_name()
    {
        var answer = DriverProgram.Ask([("SPORK_SPAWN", "posix_spawn")], DriverProgram.Executable, "refusals");
        Assert.Equal(
            [
                "user",
                "group",
                "supplementary groups",
                "capabilities",
                "oom score",
                "chroot",
                "namespaces",
                "setns",
                "no_new_privs",
                "I/O priority",
                "scheduler",
            ],
            answer.Strings("steps")
        );
    }

    [Fact]
    public void Where_memory_files_may_not_be_executed_a_file_without_a_name_is()
    {
        const string NotTested = "second stages under vm.memfd_noexec=2";
        RootOnly.Skip(NotTested);
        Assert.SkipUnless(File.Exists("/proc/sys/vm/memfd_noexec"), $"NOT TESTED: {NotTested}: kernel before 6.3.");
        // The setting belongs to a process namespace, and cannot be taken back in it.
        var run = ToolRun.Of(
            Tools.FindOrSkip("unshare", NotTested),
            "--pid",
            "--fork",
            "--mount-proc",
            "/bin/sh",
            "-c",
            $"echo 2 > /proc/sys/vm/memfd_noexec && '{DummyProgram.Executable}' spork run oom 900 -- cat /proc/self/oom_score_adj"
        );
        Assert.Equal((0, "900\n", ""), (run.Code, run.Output, run.Errors));
    }

    // Somebody writes to it: execve is tried again and again, and the second stage sleeps in between.
    private sealed class BusyProgram : IDisposable
    {
        private readonly LongBusyWaits _waits = new();
        private readonly TempDirectory _directory = new();
        private readonly FileStream _writer;

        internal BusyProgram(string copied = "/bin/true", params string[] arguments)
        {
            var program = _directory["program"];
            File.Copy(copied, program);
            _writer = new FileStream(program, FileMode.Open, FileAccess.Write);
            Command = new Command(program, arguments).WithOomScoreAdjustment(900);
        }

        internal Command Command { get; }

        /// <summary>Returns once the child sleeps.</summary>
        internal (Task<ChildProcess> Starting, int Child) Start(
            bool asynchronous,
            ProcessCounts before,
            CancellationToken token
        )
        {
            var starting = asynchronous
                ? Command.StartAsync(token).AsTask()
                : Task.Run(() => Command.Start(token), CancellationToken.None);
            return (starting, FindChild(before));
        }

        /// <summary>It sleeps, and has a stage's name: no other test's orphan, which process 1 inherits.</summary>
        internal static int FindChild(ProcessCounts before) =>
            OtherProcess.NewChildIn(OtherProcess.ClockNanosleep, before.Children, "spork\u0001");

        internal void LetGo() => _writer.Dispose();

        public void Dispose()
        {
            _writer.Dispose();
            _directory.Dispose();
            _waits.Dispose();
        }
    }

    private static string Self() =>
        string.Join(
            '\n',
            [
                .. File.ReadLines("/proc/self/status")
                    .Where(l =>
                        l.StartsWith("Uid", StringComparison.Ordinal)
                        || l.StartsWith("Gid", StringComparison.Ordinal)
                        || l.StartsWith("Groups", StringComparison.Ordinal)
                        || l.StartsWith("Cap", StringComparison.Ordinal)
                        || l.StartsWith("NoNewPrivs", StringComparison.Ordinal)
                        || l.StartsWith("SigIgn", StringComparison.Ordinal)
                    ),
                File.ReadAllText("/proc/self/oom_score_adj"),
                File.Exists("/proc/self/timens_offsets") ? File.ReadAllText("/proc/self/timens_offsets") : "",
                Directory.GetCurrentDirectory(),
                Environment.MachineName,
                $"dumpable {Dumpable()}",
                .. Directory
                    .GetFiles("/proc/self/ns")
                    .Order(StringComparer.Ordinal)
                    .Select(f => new FileInfo(f).LinkTarget),
            ]
        );

    private static int Dumpable() =>
        (int)
            Sys.Call(
                Syscall.prctl,
                3 /* PR_GET_DUMPABLE */
            );

    private static void AssertLeavesNothing(Action action)
    {
        action();
        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < Many; i++)
        {
            action();
        }

        Leftovers.AssertNothingLeftSoon(before, Many);
    }
}
