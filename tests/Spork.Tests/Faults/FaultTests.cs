using System.Text.Json;
using Spork.Tests.Support;

namespace Spork.Tests.Faults;

/// <summary>
/// Each system call of a start refused, on the parent's side and the child's, by a seccomp filter on the starting thread
/// (the child inherits it), twenty times over. What is refused to the child is refused to nobody else: the filter looks
/// where the call is made (the driver's InterpreterAddresses has the reason). Then the failure names the step and the errno, or the result is right all
/// the same, and nothing stays behind.
/// </summary>
/// <remarks>
/// A third part of a refusal (<c>fcntl:EMFILE:1=1030</c>) is a condition on one argument, where both sides make the
/// call, or the runtime does. Values: 1030 F_DUPFD_CLOEXEC, 2 F_SETFD, 524865 O_WRONLY|O_CREAT|O_TRUNC|O_CLOEXEC,
/// 50 the driver's descriptor, 2686976 O_PATH|O_DIRECTORY|O_CLOEXEC, 3225485067 PIDFD_GET_INFO, 21518 TIOCSCTTY, 21569 TIOCGPTPEER, 1074025521 TIOCSPTLCK, 524546
/// O_RDWR|O_NOCTTY|O_CLOEXEC, 524289 O_WRONLY|O_CLOEXEC, futex 1=0 FUTEX_WAIT (the runtime's are private ones).
/// </remarks>
public class FaultTests
{
    private static readonly (string, string)[] NoChange = [];

    // The runtime maps its code twice, and shared, as a second stage does its report.
    private static readonly (string, string)[] WithoutDoubleMapping = [("DOTNET_EnableWriteXorExecute", "0")];

    [Theory]
    [InlineData("close_range:EPERM", "plain", "close_range EPERM", "descriptors from 3")]
    [InlineData("rt_sigaction:EPERM", "plain", "signal disposition EPERM", "SIGPIPE")]
    [InlineData("rt_sigprocmask:EPERM:2=0", "plain", "signal mask EPERM", "[]")]
    [InlineData("dup3:EBUSY", "swap", "dup3 EBUSY")]
    [InlineData("close_range:EPERM", "posix", "close_range EPERM")]
    [InlineData("sched_setscheduler:EPERM", "posix", "scheduler EPERM")]
    [InlineData("setsid:EPERM", "posix", "setsid EPERM", "")]
    [InlineData("openat:EIO:2=1090", "posix", "open EIO")]
    [InlineData("dup3:EMFILE:1=6", "posix", "dup2 EMFILE")]
    [InlineData("chdir:EIO", "posix", "chdir EIO")]
    [InlineData("rt_sigaction:EPERM", "posix", "signal disposition EPERM")]
    [InlineData("rt_sigprocmask:EPERM:2=0", "posix", "signal mask EPERM")]
    [InlineData("fcntl:EMFILE:1=1030", "cycle", "save descriptor EMFILE")]
    [InlineData("fcntl:EBADF:1=2", "kept", "keep open EBADF")]
    [InlineData("openat:EIO:2=524865", "files", "open EIO")]
    [InlineData("close:EIO:0=50", "source", "close EIO", "descriptor 50")]
    [InlineData("umask:EPERM", "session", "umask EPERM", "022")]
    [InlineData("ioctl:EPERM:1=21518", "terminal", "controlling terminal EPERM")]
    [InlineData("ioctl:EIO:1=21569", "terminal", "open terminal EIO")]
    [InlineData("ioctl:EPERM:1=21518", "own terminal", "controlling terminal EPERM")]
    [InlineData("setsid:EPERM", "own terminal", "setsid EPERM")]
    [InlineData("setsid:EPERM", "session", "setsid EPERM", "")]
    [InlineData("setpgid:EACCES", "group", "setpgid EACCES")]
    [InlineData("prlimit64:EPERM", "limits", "limit EPERM")]
    [InlineData("setpriority:EACCES", "scheduling", "nice EACCES")]
    [InlineData("sched_setaffinity:EINVAL", "scheduling", "affinity EINVAL")]
    [InlineData("prctl:EINVAL", "parent death", "parent-death signal EINVAL", "SIGTERM")]
    [InlineData("getppid:EPERM", "parent death", "parent-death signal EPERM", "SIGTERM")]
    [InlineData("chdir:EACCES", "directory", "chdir EACCES", "DIRECTORY")]
    [InlineData("fchdir:EACCES", "directory handle", "fchdir EACCES")]
    [InlineData("set_tid_address:ENOSYS", "asynchronous", "set_tid_address ENOSYS", "")]
    [InlineData("set_robust_list:ENOSYS", "asynchronous", "set_robust_list ENOSYS", "")]
    [InlineData("getppid:EPERM", "gated", "gate EPERM", "parent")]
    [InlineData("futex:ENOSYS:1=0", "gated", "gate ENOSYS", "go")]
    [InlineData("execve:ENOMEM", "plain", "execve ENOMEM", "/bin/true")]
    [InlineData("execve:ENOMEM", "asynchronous", "execve ENOMEM")]
    [InlineData("execve:EACCES", "path search", "execve EACCES")]
    [InlineData("clock_nanosleep:EINVAL", "busy", "wait EINVAL", "DIRECTORY/program")]
    [InlineData("close_range:EPERM", "in place", "close_range EPERM")]
    [InlineData("execve:ENOMEM", "in place", "execve ENOMEM")]
    public void A_call_refused_to_the_child_is_named_with_its_errno(
        string refusal,
        string kind,
        string expected,
        string? subject = null
    )
    {
        var answer = AssertOutcome(NoChange, "child," + refusal, kind, expected + " in the child");
        if (subject is not null)
        {
            var blank = expected.LastIndexOf(' ');
            var said = Assert.Single(answer.GetProperty("failures").EnumerateArray()).String("said");
            Assert.Contains(
                $", {expected[..blank]}({subject}): {expected[(blank + 1)..]}: ",
                said,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("execveat", "credentials", "second stage")]
    [InlineData("setgroups", "credentials", "supplementary groups")]
    [InlineData("setresgid", "credentials", "group")]
    [InlineData("setresuid", "credentials", "user")]
    [InlineData("capset", "credentials", "capabilities")]
    [InlineData("prctl", "credentials", "name", ":0=15")]
    [InlineData("prctl", "credentials", "bounding set", ":0=24")]
    [InlineData("prctl", "credentials", "keep capabilities", ":0=8")]
    [InlineData("prctl", "credentials", "ambient set", ":0=47")]
    [InlineData("prctl", "credentials", "no_new_privs", ":0=38")]
    [InlineData("prctl", "credentials", "parent-death signal", ":0=1")]
    [InlineData("prlimit64", "credentials", "limit", ":1=4")]
    [InlineData("mmap", "credentials", "report", ":3=17")]
    [InlineData("chdir", "credentials", "chdir")]
    [InlineData("execve", "credentials", "execve")]
    [InlineData("prctl", "dropped", "bounding set", ":0=24")]
    [InlineData("unshare", "namespaces", "unshare")]
    [InlineData("mount", "namespaces", "mount")]
    [InlineData("sethostname", "namespaces", "host name")]
    [InlineData("setns", "namespaces", "setns")]
    [InlineData("chroot", "namespaces", "chroot")]
    [InlineData("setns", "joined", "setns")]
    [InlineData("fchdir", "joined", "fchdir")]
    [InlineData("execve", "own identity", "execve")]
    [InlineData("capset", "mapped", "capabilities")]
    [InlineData("prctl", "task", "no_new_privs", ":0=38")]
    [InlineData("ioprio_set", "task", "I/O priority")]
    [InlineData("sched_setscheduler", "task", "scheduler")]
    [InlineData("execve", "asynchronous second stage", "execve")]
    [InlineData("execve", "gated second stage", "execve")]
    [InlineData("execveat", "asynchronous second stage", "second stage")]
    // What is written to a file of /proc: open, write, close.
    [InlineData("openat", "credentials", "oom score", ":2=524289")]
    [InlineData("write", "credentials", "oom score", ":2=3")]
    [InlineData("openat", "asynchronous second stage", "oom score", ":2=524289")]
    [InlineData("write", "asynchronous second stage", "oom score", ":2=3")]
    [InlineData("openat", "namespaces", "clock offsets", ":2=524289")]
    [InlineData("write", "namespaces", "clock offsets", ":2=47")]
    [InlineData("openat", "namespaces", "open", ":2=524288")]
    // Dispositions and mask, in either stage.
    [InlineData("rt_sigaction", "credentials", "signal disposition")]
    [InlineData("rt_sigprocmask", "credentials", "signal mask")]
    [InlineData("rt_sigaction", "namespaces", "signal disposition")]
    [InlineData("rt_sigprocmask", "namespaces", "signal mask")]
    [InlineData("rt_sigaction", "asynchronous second stage", "signal disposition")]
    [InlineData("rt_sigprocmask", "gated second stage", "signal mask")]
    // The way from one stage into the other.
    [InlineData("dup3", "credentials", "dup3")]
    [InlineData("close_range", "credentials", "close_range")]
    [InlineData("close", "dropped", "close")]
    [InlineData("fcntl", "dropped", "close-on-exec")]
    [InlineData("getppid", "credentials", "parent-death signal")]
    [InlineData("poll", "namespaces", "parent-death signal")]
    [InlineData("getppid", "own identity", "gate")]
    [InlineData("prctl", "mapped", "ambient set", ":1=2")]
    [InlineData("capset", "reset ids", "reset ids")]
    [InlineData("chdir", "namespaces", "chdir")]
    public void A_call_of_either_stage_is_named_when_it_is_refused_and_when_it_kills(
        string call,
        string kind,
        string step,
        string condition = ""
    )
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"NOT TESTED: faults of '{kind}', which needs root.");
        AssertNamedRefusedAndKilled(call, kind, step, condition);
    }

    // The ids are those that are there already: a plain user may do all of it.
    [Theory]
    [InlineData("fcntl", "close-on-exec")]
    [InlineData("sched_setscheduler", "scheduler")]
    [InlineData("setsid", "setsid")]
    [InlineData("execveat", "second stage")]
    [InlineData("mmap", "report", ":3=17")]
    [InlineData("setresuid", "reset ids")]
    [InlineData("setresgid", "reset ids")]
    [InlineData("openat", "open", ":2=1090")]
    [InlineData("dup3", "dup2", ":1=6")]
    [InlineData("chdir", "chdir")]
    [InlineData("close_range", "closefrom")]
    [InlineData("rt_sigaction", "signal disposition")]
    [InlineData("rt_sigprocmask", "signal mask")]
    [InlineData("execve", "execve")]
    public void A_call_of_a_posix_spawn_in_two_stages_is_named(string call, string step, string condition = "") =>
        AssertNamedRefusedAndKilled(call, "reset ids", step, condition);

    [Theory]
    [InlineData("memfd_create:EMFILE", "dropped", "memfd_create EMFILE in the parent")]
    [InlineData("pipe2:EMFILE", "dropped", "pipe2 EMFILE in the parent")]
    [InlineData("fcntl:EPERM:1=1033", "dropped", "fcntl EPERM in the parent")]
    [InlineData("mmap:ENOMEM:3=1", "dropped", "mmap ENOMEM in the parent")]
    [InlineData("clone3:EAGAIN", "own identity", "clone3 EAGAIN in the parent")]
    [InlineData("openat:EACCES:2=524289", "own identity", "uid_map EACCES in the parent")]
    [InlineData("write:EINVAL:2=5", "own identity", "uid_map EINVAL in the parent")]
    [InlineData("write:EPERM:2=8", "own identity, another group", "gid_map EPERM in the parent")]
    [InlineData("write:EPERM:2=4", "own identity, no CAP_SETGID", "setgroups EPERM in the parent")]
    [InlineData("epoll_ctl:ENOSPC", "asynchronous second stage", "epoll_ctl ENOSPC in the parent")]
    [InlineData("poll:ENOSYS", "watched second stage", "exit code 0")]
    public void A_call_refused_to_the_parent_of_a_second_stage_is_named(string refusal, string kind, string expected)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, $"NOT TESTED: faults of '{kind}', which needs root.");
        AssertOutcome(WithoutDoubleMapping, refusal, kind, expected);
    }

    [Theory]
    [InlineData("clone3:EAGAIN", "plain", "clone3 EAGAIN")]
    [InlineData("clone3:ENOMEM", "plain", "clone3 ENOMEM")]
    [InlineData("clone3:EMFILE", "plain", "clone3 EMFILE")]
    [InlineData("clone3:ENOSYS", "plain", "clone3 ENOSYS")]
    [InlineData("clone3:EPERM", "plain", "clone3 EPERM")]
    [InlineData("clone3:EPERM", "in place", "clone3 EPERM")]
    [InlineData("rt_sigprocmask:EPERM", "plain", "rt_sigprocmask EPERM")]
    [InlineData("mmap:ENOMEM:1=ARENA", "large", "memory ENOMEM")]
    [InlineData("mprotect:ENOMEM:2=0", "large", "memory ENOMEM")]
    [InlineData("clone3:EAGAIN", "asynchronous", "pthread_create EAGAIN")]
    [InlineData("pipe2:EMFILE", "piped", "pipe2 EMFILE")]
    [InlineData("pipe2:ENFILE", "captured", "pipe2 ENFILE")]
    [InlineData("pipe2:EMFILE", "captured asynchronously", "pipe2 EMFILE")]
    [InlineData("pipe2:EMFILE", "pipeline", "pipe2 EMFILE")]
    [InlineData("fcntl:EPERM:1=4", "piped", "fcntl EPERM")]
    [InlineData("fcntl:EPERM:1=4", "captured asynchronously", "fcntl EPERM")]
    [InlineData("clone3:EAGAIN", "piped", "clone3 EAGAIN")]
    [InlineData("clone3:EAGAIN", "captured", "clone3 EAGAIN")]
    [InlineData("clone3:EAGAIN", "pipeline", "clone3 EAGAIN")]
    [InlineData("openat:EMFILE:2=2686976", "cgroup", "cgroup EMFILE")]
    [InlineData("getresuid:EPERM", "real ids", "getresuid EPERM")]
    [InlineData("getresgid:EACCES", "real ids", "getresgid EACCES")]
    public void A_call_refused_to_the_parent_before_the_child_exists_is_named(
        string refusal,
        string kind,
        string expected
    ) => AssertOutcome([("TEST_CGROUP", "/")], refusal, kind, expected + " in the parent");

    // .NET makes a pipe for its handlers of signals, once: until it has one, each of these tries to. What it makes of a
    // refusal itself would end the driver, in a finalizer.
    [Theory]
    [InlineData("run")]
    [InlineData("run-async")]
    [InlineData("run-two-tokens")]
    [InlineData("capture")]
    [InlineData("capture-async")]
    [InlineData("capture-two-tokens")]
    [InlineData("listen")]
    [InlineData("pipeline")]
    [InlineData("pipeline-async")]
    [InlineData("pipeline-capture")]
    public void A_script_that_cannot_have_the_keyboard_is_not_started_however_it_is_run(string way) =>
        AssertOutcome(NoChange, "pipe2:EMFILE", $"script {way}", "pipe2 EMFILE in the parent: a handler of SIGINT");

    [Fact]
    public void A_script_for_whose_keyboard_there_is_no_thread_is_not_started() =>
        AssertOutcome(
            NoChange,
            "clone3:EAGAIN",
            "script run",
            "pthread_create EAGAIN in the parent: a handler of SIGINT"
        );

    [Theory]
    [InlineData("futex:ENOSYS:1=0", "plain", "exit code 0")]
    [InlineData("futex:EINVAL:1=0", "watched", "exit code 0")]
    [InlineData("epoll_ctl:ENOSPC", "watched", "exit code 0")]
    [InlineData("epoll_ctl:ENOMEM", "asynchronous", "exit code 0")]
    [InlineData("epoll_ctl:ENOSPC", "asynchronous failure", "chdir ENOENT in the child")]
    [InlineData("waitid:EINVAL", "watched", "exit code 0")]
    [InlineData("poll:ENOMEM", "plain", "exit code 0")]
    [InlineData("poll:ENOMEM", "watched", "exit code 0")]
    [InlineData("pidfd_send_signal:EPERM", "given up", "given up")]
    [InlineData("epoll_ctl:ENOSPC", "tree", "killed by SIGKILL, forcefully")]
    [InlineData("pidfd_send_signal:EINVAL:3=4", "tree", "killed by SIGKILL, forcefully")]
    [InlineData("pidfd_open:EMFILE", "tree", "pidfd_open EMFILE, killed by SIGKILL")]
    // A terminal is had all the same.
    [InlineData("ioctl:ENOTTY:1=21569", "terminal", "exit code 0")]
    [InlineData("ioctl:EINVAL:1=21569", "terminal elsewhere", "exit code 0")]
    [InlineData("epoll_ctl:ENOSPC", "own terminal", "exit code 0")]
    public void A_refused_call_that_there_is_another_way_for_changes_no_outcome(
        string refusal,
        string kind,
        string expected
    ) => AssertOutcome(NoChange, refusal, kind, expected);

    [Fact]
    public void A_capture_that_cannot_poll_says_so_and_leaves_no_child() =>
        AssertOutcome(
            NoChange,
            "poll:ENOMEM",
            "captured",
            $"SystemCallException: poll(the program's output): {Errno.ENOMEM}"
        );

    [Fact]
    public void Memory_that_cannot_be_given_back_does_not_change_the_outcome()
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask("fault", "munmap:ENOMEM:1=ARENA", "large");
        Assert.Equal(["exit code 0"], answer.Strings("outcomes"));
        // The mappings are what the kernel would not take; everything else is gone.
        Assert.All(answer.Strings("left"), l => Assert.EndsWith(" mappings", l, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("openat:ENOENT:2=524546", "open(/dev/ptmx): ENOENT (No such file or directory) — no devpts here")]
    [InlineData("openat:ENOSPC:2=524546", "open(/dev/ptmx): ENOSPC (No space left on device) — every pseudo-terminal")]
    [InlineData("openat:EMFILE:2=524546", "open(/dev/ptmx): EMFILE (Too many open files) — this process may open")]
    [InlineData("openat:EACCES:2=524546", "open(/dev/ptmx): EACCES (Permission denied) — devpts must be mounted")]
    [InlineData("ioctl:EIO:1=1074025521", "ioctl TIOCSPTLCK(/dev/ptmx): EIO (Input/output error)")]
    public void A_terminal_that_is_not_to_be_had_is_refused_by_its_step(string refusal, string expected)
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask("fault", refusal, "own terminal");
        Assert.StartsWith(
            $"{nameof(SystemCallException)}: {expected}",
            Assert.Single(answer.Strings("outcomes")),
            StringComparison.Ordinal
        );
        Assert.Empty(answer.Strings("left"));
    }

    [Fact]
    public void Waiting_where_futexes_are_refused_does_not_burn_the_processor()
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask("fault", "futex:ENOSYS:1=0", "slow");
        Assert.Equal(["exit code 0"], answer.Strings("outcomes"));
        // One second of waiting: a loop would cost all of it.
        Assert.InRange(answer.GetProperty("cpuMilliseconds").GetInt32(), 0, 500);
    }

    [Theory]
    [InlineData("", "clone3:EAGAIN", "plain", "clone3 EAGAIN", "clone3")]
    [InlineData("", "clone3:EMFILE", "asynchronous", "clone3 EMFILE", "clone3")]
    [InlineData("", "clone3:ENOMEM", "in place", "clone3 ENOMEM", "clone3")]
    [InlineData("", "epoll_create1:EMFILE", "plain", "epoll_create1 EMFILE", "clone3")]
    [InlineData("clone", "clone3:EAGAIN", "plain", "pthread_create EAGAIN", "clone")]
    [InlineData("posix_spawn", "epoll_create1:EMFILE", "plain", "epoll_create1 EMFILE", "posix_spawn")]
    public void A_limit_reached_at_the_first_start_is_not_remembered(
        string rung,
        string refusal,
        string kind,
        string expected,
        string later
    )
    {
        var answer = AssertOutcome([("SPORK_SPAWN", rung)], "cold," + refusal, kind, expected + " in the parent");
        Assert.Equal(later, answer.String("rung"));
    }

    [Theory]
    [InlineData("clone", "clone:EAGAIN", "plain", "clone EAGAIN in the parent")]
    [InlineData("clone", "clone3:EAGAIN", "asynchronous", "pthread_create EAGAIN in the parent")]
    [InlineData("clone", "clone3:EAGAIN", "parent death", "pthread_create EAGAIN in the parent")]
    [InlineData("clone", "rt_sigaction:EPERM", "plain", "signal disposition EPERM in the child")]
    [InlineData("posix_spawn", "pidfd_open:EMFILE", "plain", "pidfd_open EMFILE in the parent")]
    [InlineData("posix_spawn", "execve:ENOMEM", "plain", "posix_spawn ENOMEM in the parent")]
    public void The_lower_rungs_name_what_is_refused_too(string rung, string refusal, string kind, string expected) =>
        AssertOutcome([("SPORK_SPAWN", rung)], refusal, kind, expected);

    private static void AssertNamedRefusedAndKilled(string call, string kind, string step, string condition)
    {
        AssertOutcome(NoChange, $"child,{call}:EDQUOT{condition}", kind, $"{step} EDQUOT in the child");
        // A killed one that has reported nothing yet: known is that the stage was entered.
        var killedIn = call == "mmap" ? "second stage" : step;
        AssertOutcome(NoChange, $"child,{call}:KILL{condition}", kind, $"{killedIn} SIGSYS in the child");
    }

    private static JsonElement AssertOutcome(
        (string, string)[] environment,
        string refusal,
        string kind,
        string expected
    )
    {
        SkipUnlessX64();
        var answer = DriverProgram.Ask(environment, DriverProgram.Executable, "fault", refusal, kind);
        Assert.Equal([expected], answer.Strings("outcomes"));
        AssertFailuresAreOfTheListing(answer, refusal, kind, expected);
        Assert.Empty(answer.Strings("left"));
        Assert.Equal("exit code 0, exit code 0", answer.String("after"));
        return answer;
    }

    // Index, count, name and subject are those of the step in the listing, and that step makes the call that was refused.
    private static void AssertFailuresAreOfTheListing(JsonElement answer, string refusal, string kind, string expected)
    {
        JsonElement[] failures = [.. answer.GetProperty("failures").EnumerateArray()];
        if (!expected.EndsWith(" in the child", StringComparison.Ordinal) || kind == "own terminal")
        {
            return;
        }

        Assert.NotEmpty(failures);
        Assert.All(failures, f => Assert.Equal(f.String("listed"), f.String("said")));
        var call = refusal[(refusal.LastIndexOf(',') + 1)..].Split(':')[0];
        if (kind != "asynchronous failure" && !expected.StartsWith("second stage SIGSYS", StringComparison.Ordinal))
        {
            Assert.All(failures, f => Assert.Contains($": {call}(", f.String("said"), StringComparison.Ordinal));
        }
    }

    private static void SkipUnlessX64() =>
        Assert.SkipUnless(
            System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
                == System.Runtime.InteropServices.Architecture.X64,
            "NOT TESTED: faults; the driver's filters know x64's system call numbers only."
        );
}
