using System.Text;
using Spork.Tests.Support;

namespace Spork.Tests.Spawning;

/// <summary>posix_spawn's attributes, strings, search and errors.</summary>
public sealed class PosixTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static string[] Ignored => ["/proc/self/status", "/proc/self/stat"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_child_inherits_what_posix_says_SIGPIPE_ignored_and_nothing_of_its_own()
    {
        var child = View(new SpawnAttributes());
        Assert.NotEqual(0UL, child.Ignored & ChildView.Bit(Signal.SIGPIPE));
        Assert.Equal((0UL, 0UL), (child.Blocked, child.Caught));
    }

    [Fact]
    public void Signals_to_default_are_no_longer_ignored()
    {
        var attributes = new SpawnAttributes { Flags = SpawnFlags.SetSigDef, SignalDefault = [Signal.SIGPIPE] };
        Assert.Equal(0UL, View(attributes).Ignored & ChildView.Bit(Signal.SIGPIPE));
    }

    [Fact]
    public void All_signals_may_be_named_as_sigfillset_does()
    {
        var all = Enumerable.Range(1, 64).Select(n => new Signal(n)).ToArray();
        var child = View(
            new SpawnAttributes
            {
                Flags = SpawnFlags.SetSigDef | SpawnFlags.SetSigMask,
                SignalDefault = all,
                SignalMask = all,
            }
        );
        Assert.Equal(0UL, child.Ignored);
        Assert.Equal(~(ChildView.Bit(Signal.SIGKILL) | ChildView.Bit(Signal.SIGSTOP)), child.Blocked);
    }

    [Fact]
    public void A_value_without_its_flag_does_not_count()
    {
        var child = View(
            new SpawnAttributes
            {
                SignalMask = [Signal.SIGUSR1],
                SignalDefault = [Signal.SIGPIPE],
                ProcessGroup = 1,
                SchedulingPolicy = 99,
            }
        );
        Assert.Equal(0UL, child.Blocked);
        Assert.NotEqual(0UL, child.Ignored & ChildView.Bit(Signal.SIGPIPE));
    }

    [Fact]
    public void What_the_calling_thread_blocks_stays_blocked()
    {
        ChildView? child = null;
        var thread = new Thread(() =>
        {
            ThreadMask.Block(Signal.SIGUSR2);
            child = View(new SpawnAttributes());
        });
        thread.Start();
        thread.Join();
        Assert.Equal(ChildView.Bit(Signal.SIGUSR2), child!.Blocked);
    }

    [Fact]
    public void A_group_and_a_session_are_of_its_own()
    {
        var grouped = View(new SpawnAttributes { Flags = SpawnFlags.SetPGroup });
        Assert.Equal(grouped.Id, grouped.ProcessGroup);
        Assert.NotEqual(grouped.Id, grouped.Session);
        var leader = View(new SpawnAttributes { Flags = SpawnFlags.SetSid });
        Assert.Equal((leader.Id, leader.Id), (leader.ProcessGroup, leader.Session));
    }

    [Fact]
    public void A_scheduler_and_its_parameter_are_set_and_refused_as_the_kernel_says()
    {
        Assert.Equal(
            3,
            View(new SpawnAttributes { Flags = SpawnFlags.SetScheduler, SchedulingPolicy = 3 }).Policy // SCHED_BATCH
        );
        // The parameter alone leaves the policy that these tests were started with: chrt(1) may have given them another.
        Assert.Equal(
            View(new SpawnAttributes()).Policy,
            View(new SpawnAttributes { Flags = SpawnFlags.SetSchedParam }).Policy
        );
        AssertFails(
            Errno.EINVAL,
            "scheduler",
            new SpawnAttributes { Flags = SpawnFlags.SetSchedParam, SchedulingPriority = 7 }
        );
        AssertFails(
            Errno.EINVAL,
            "scheduler",
            new SpawnAttributes { Flags = SpawnFlags.SetScheduler, SchedulingPolicy = 99 }
        );
    }

    [Fact]
    public void Ids_that_are_the_real_ones_already_are_reset_by_doing_nothing() =>
        Assert.True(Run("true", new SpawnAttributes { Flags = SpawnFlags.ResetIds }).IsSuccess);

    [Fact]
    public void A_flag_that_does_not_exist_is_refused() =>
        Assert.Throws<ArgumentException>(() => Run("true", new SpawnAttributes { Flags = (SpawnFlags)0x200 }));

    [Fact]
    public void The_foreground_group_of_the_terminal_is_set_before_the_program_runs()
    {
        var script = Tools.FindOrSkip("script", "tcsetpgrp");
        var line = $"exec '{DriverProgram.Executable}' posix-foreground '{_directory["out"]}'";
        var run = ToolRun.Of(script, "-q", "-e", "-c", line, "/dev/null");
        Assert.True(run.Code == 0, run.Output + run.Errors);
        // proc_pid_stat(5): the name, then state, ppid, pgrp, session, tty_nr, tpgid.
        var stat = File.ReadAllText(_directory["out"]);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Assert.Equal(stat.Split(' ')[0], fields[2]);
        Assert.Equal(fields[2], fields[5]);
    }

    [Fact]
    public void A_terminal_that_is_none_is_named() =>
        Assert.Equal(
            ("tcsetpgrp", Errno.ENOTTY, "descriptor 5"),
            Failure(new SpawnFileActions().AddOpen(5, "/dev/null", 0).AddTcSetPGrp(5))
        );

    [Fact]
    public void Bytes_that_are_no_text_arrive_in_path_argv_and_envp()
    {
        byte[] bytes = [.. Enumerable.Range(1, 255).Select(b => (byte)b)];
        var file = _directory["out"];
        var program = (ByteString)(byte[])[.. Encoding.UTF8.GetBytes(_directory["caf"]), 0xe9];
        Assert.True(Run(["ln", "-s", "/usr/bin/env", program]).IsSuccess);
        using var child = Posix.Spawn(
            program,
            new SpawnFileActions().AddOpen(1, file, 0x241, 0x1A0),
            null,
            ["env", "-u", "B", "printf", "%s", bytes],
            [(byte[])[.. "A="u8, .. bytes], "B=gone", "not a variable"]
        );
        Assert.True(child.Wait().IsSuccess);
        Assert.Equal(bytes, File.ReadAllBytes(file));

        // .NET cannot name it, not even to delete it.
        Assert.True(Run(["rm", program]).IsSuccess);

        using var printer = Posix.Spawn(
            "/bin/cat",
            new SpawnFileActions().AddOpen(1, file, 0x201),
            null,
            ["cat", "/proc/self/environ"],
            [(byte[])[.. "A="u8, .. bytes], "not a variable"]
        );
        Assert.True(printer.Wait().IsSuccess);
        Assert.Equal([.. "A="u8, .. bytes, 0, .. "not a variable\0"u8], File.ReadAllBytes(file));
    }

    [Fact]
    public void Without_envp_the_environment_is_this_process_s_own()
    {
        Environment.SetEnvironmentVariable("SPORK_TEST_POSIX", "yes");
        try
        {
            using var child = Posix.SpawnP("sh", null, null, ["sh", "-c", "test \"$SPORK_TEST_POSIX\" = yes"]);
            Assert.True(child.Wait().IsSuccess);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SPORK_TEST_POSIX", null);
        }
    }

    [Fact]
    public void A_search_takes_PATH_and_a_path_is_not_searched()
    {
        Assert.True(Run(["true"]).IsSuccess);
        var e = Assert.Throws<SpawnException>(() => Posix.Spawn("true", null, null, ["true"]));
        Assert.Equal((Errno.ENOENT, true), (e.Errno, e.ProgramNotFound));
        e = Assert.Throws<SpawnException>(() => Posix.SpawnP("no-such-program", null, null, ["x"]));
        Assert.Equal((Errno.ENOENT, "no-such-program", true), (e.Errno, e.Subject, e.ProgramNotFound));
        Assert.Equal(Errno.ENOENT, Assert.Throws<SpawnException>(() => Posix.SpawnP("", null, null, ["x"])).Errno);
    }

    [Fact]
    public void A_file_without_a_known_format_is_not_given_to_a_shell()
    {
        var file = _directory.Write("script", "exit 0\n", Modes.Everybody);
        var e = Assert.Throws<SpawnException>(() => Posix.SpawnP(file, null, null, ["script"]));
        Assert.Equal(Errno.ENOEXEC, e.Errno);
    }

    [Fact]
    public void A_relative_program_is_found_where_the_actions_lead()
    {
        _directory.Write("here", "#!/bin/sh\nexit 3\n", Modes.Everybody);
        using var child = Posix.Spawn("./here", new SpawnFileActions().AddChDir(_directory.Path), null, ["here"]);
        Assert.Equal(3, child.Wait().Code);
    }

    [Fact]
    public void A_failing_action_is_named_with_step_subject_and_errno()
    {
        Assert.Equal(("chdir", Errno.ENOENT, "/no/such"), Failure(new SpawnFileActions().AddChDir("/no/such")));
        Assert.Equal(("open", Errno.ENOENT, "/no/file"), Failure(new SpawnFileActions().AddOpen(7, "/no/file", 0)));
        Assert.Equal(("dup2", Errno.EBADF, "998 to 3"), Failure(new SpawnFileActions().AddClose(998).AddDup2(998, 3)));
        Assert.Equal(
            ("fchdir", Errno.ENOTDIR, "descriptor 9"),
            Failure(new SpawnFileActions().AddOpen(9, "/dev/null", 0).AddFChDir(9))
        );
    }

    [Fact]
    public void A_number_that_can_never_be_open_is_refused_before_anything_is_made()
    {
        Assert.Equal(
            ("dup2", Errno.EBADF, "descriptor 2000000000"),
            Failure(new SpawnFileActions().AddChDir("/no/such").AddDup2(0, 2_000_000_000))
        );
        Assert.Equal(
            ("close", Errno.EBADF, "descriptor 2000000000"),
            Failure(new SpawnFileActions().AddClose(2_000_000_000))
        );
    }

    [Fact]
    public void The_report_of_a_failure_needs_no_descriptor() =>
        Assert.Equal(
            ("chdir", Errno.ENOENT, "/no/such"),
            Failure(new SpawnFileActions().AddCloseFrom(0).AddChDir("/no/such"))
        );

    [Fact]
    public void The_child_s_own_pidfd_is_no_descriptor_of_its_own()
    {
        // Nothing else runs beside the tests: the next pidfd gets the lowest free number.
        var free = Enumerable.Range(3, 10_000).First(n => !File.Exists($"/proc/self/fdinfo/{n}"));
        var e = Assert.Throws<SpawnException>(() =>
            Posix.Spawn("/bin/true", new SpawnFileActions().AddDup2(free, 500), null, ["true"])
        );
        Assert.Equal(Errno.EBADF, e.Errno);
    }

    [Fact]
    public async Task A_blocked_file_action_parks_no_caller_and_is_cancelled()
    {
        var fifo = Fifo.Create(_directory["fifo"]);
        using var stop = new CancellationTokenSource();
        var start = Posix.SpawnAsync(
            "/bin/true",
            new SpawnFileActions().AddOpen(0, fifo, 0),
            null,
            ["true"],
            cancellationToken: stop.Token
        );
        Assert.False(start.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.AsTask());
    }

    [Fact]
    public void A_handle_is_held_open_until_the_start_is_over_and_a_closed_one_refused()
    {
        var file = File.OpenHandle(_directory.Write("text", "hello"));
        var actions = new SpawnFileActions().AddDup2(file, 0);
        using (var child = Posix.SpawnP("sh", actions, null, ["sh", "-c", "read line; test $line = hello"]))
        {
            // read(1) wants a line's end.
            Assert.NotNull(child.Wait().Code);
        }

        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Posix.SpawnP("true", actions, null, ["true"]));
        Assert.Throws<ObjectDisposedException>(() => new SpawnFileActions().AddDup2(file, 0));
    }

    [Fact]
    public void A_negative_descriptor_and_a_NUL_are_refused_where_they_are_said()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SpawnFileActions().AddClose(-1));
        Assert.Throws<ArgumentException>(() => new SpawnFileActions().AddChDir("a\0b"));
        Assert.Throws<ArgumentException>(() => new ByteString("a\0b"u8));
    }

    [Fact]
    public void Spawning_again_and_again_leaves_nothing_behind()
    {
        void Once()
        {
            Assert.True(Run(["true"], new SpawnFileActions().AddOpen(9, "/dev/null", 2).AddCloseFrom(3)).IsSuccess);
            Assert.Throws<SpawnException>(() => Run(["true"], new SpawnFileActions().AddChDir("/no/such")));
        }

        for (var i = 0; i < 5; i++)
        {
            Once();
        }

        var before = ProcessCounts.TakeBaseline();
        for (var i = 0; i < 200; i++)
        {
            Once();
        }

        Leftovers.AssertNothingLeftSoon(before, 200);
    }

    private static ExitStatus Run(string program, SpawnAttributes attributes)
    {
        using var child = Posix.SpawnP(program, null, attributes, [program]);
        return child.Wait();
    }

    private static ExitStatus Run(ByteString[] arguments, SpawnFileActions? actions = null)
    {
        using var child = Posix.SpawnP(arguments[0], actions, null, arguments);
        return child.Wait();
    }

    private ChildView View(SpawnAttributes attributes)
    {
        var file = _directory["view"];
        using var child = Posix.SpawnP(
            "cat",
            new SpawnFileActions().AddOpen(1, file, 0x241, 0x1A0),
            attributes,
            ["cat", .. Ignored.Select(path => (ByteString)path)]
        );
        Assert.True(child.Wait().IsSuccess);
        return ChildView.Of(File.ReadAllText(file));
    }

    private static void AssertFails(Errno errno, string step, SpawnAttributes attributes)
    {
        var e = Assert.Throws<SpawnException>(() => Run("true", attributes));
        Assert.Equal((step, errno), (Shown(e.Step), e.Errno));

        string Shown(string name) => SpawnLadder.Current == "posix_spawn" ? step : name;
    }

    private static (string Step, Errno Errno, string Subject) Failure(SpawnFileActions actions)
    {
        Assert.SkipWhen(SpawnLadder.Current == "posix_spawn", "NOT TESTED: which step fails. libc says an errno only.");
        var e = Assert.Throws<SpawnException>(() => Posix.SpawnP("true", actions, null, ["true"]));
        return (e.Step, e.Errno, e.Subject);
    }
}
