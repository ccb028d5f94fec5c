using System.Runtime.InteropServices;
using Spork.Linux;
using Spork.Spawning;

namespace Spork;

public static partial class SpawnLadder
{
    /// <summary>
    /// What this machine allows, and what each missing thing costs. Found out by trying: children are made that execute
    /// nothing, a cgroup and a pseudo-terminal that are gone again when it returns.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">Not Linux, or a libc or processor that is not supported yet.</exception>
    public static IReadOnlyList<Finding> Inspect()
    {
        var probe = Result;
        var exitInfo = Reaper.WhyNoStatusAfterwards();
        return
        [
            new(
                "system",
                FindingState.Ok,
                $"Linux {Environment.OSVersion.Version}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}",
                ""
            ),
            ExecutableMemoryFinding(probe),
            Clone3Finding(probe),
            CloneFinding(probe),
            CloseRangeFinding(),
            RobustListFinding(),
            ExitInfoFinding(exitInfo),
            GroupSignalFinding(),
            CgroupFinding(),
            OwnCgroupFinding(),
            SecondStageFinding(),
            UserNamespaceFinding(),
            TerminalFinding(),
            ProcFinding(),
            EnvironmentFinding(),
            SigChildFinding(exitInfo is null),
            PidOneFinding(exitInfo is null),
        ];
    }

    private static Finding ExecutableMemoryFinding(Probe probe) =>
        probe.ExecutableMemory == default
            ? new("executable memory", FindingState.Ok, "machine code may be mapped", "")
            : new(
                "executable memory",
                FindingState.Missing,
                probe.ExecutableMemory.ToString(),
                "posix_spawn is used: an errno instead of the failing step, no limits, no umask, no gate"
            );

    private static Finding Clone3Finding(Probe probe) =>
        probe.Rung == Rung.Clone3
            ? new("clone3", FindingState.Ok, "pidfd, cleared handlers and cgroup at birth", "")
            : new(
                "clone3",
                FindingState.Degraded,
                probe.Forced is "clone" or "posix_spawn"
                    ? $"not tried (SPORK_SPAWN={probe.Forced})"
                    : $"refused: {probe.Clone3Call}",
                "on the rung below, cgroups are joined by hand and handlers cleared by 60 more steps"
            );

    private static Finding CloneFinding(Probe probe) =>
        probe.Rung switch
        {
            Rung.Clone3 => new("clone", FindingState.Ok, "not needed", ""),
            Rung.Clone => new("clone", FindingState.Ok, "in use", ""),
            _ => new(
                "clone",
                FindingState.Missing,
                probe.Forced is "posix_spawn" ? "not tried (SPORK_SPAWN)" : probe.CloneCall.ToString(),
                "posix_spawn is used: an errno instead of the failing step, no limits, no umask, no gate"
            ),
        };

    private static Finding RobustListFinding() =>
        Sys.Call(Syscall.set_robust_list, 0, 0) == -Errno.EINVAL.Value
            ? new("set_robust_list", FindingState.Ok, "asynchronous starts share one waiting thread", "")
            : new(
                "set_robust_list",
                FindingState.Missing,
                "refused",
                "asynchronous and gated starts fail; synchronous ones work"
            );

    private static Finding ExitInfoFinding(Errno? refused) =>
        refused is null
            ? new(
                "exit status by pidfd",
                FindingState.Ok,
                "known even when somebody else reaps the child (PIDFD_GET_INFO)",
                ""
            )
            : new(
                "exit status by pidfd",
                FindingState.Degraded,
                refused == Errno.ENOTTY ? "needs kernel 6.15" : $"PIDFD_GET_INFO is refused: {refused}",
                "a status that a wait(-1) elsewhere in this process takes is reported lost"
            );

    private static Finding CgroupFinding() =>
        CgroupMount.Find() is { } mount
            ? new("cgroup v2", FindingState.Ok, mount, "")
            : new("cgroup v2", FindingState.Missing, "not mounted", "WithCgroup has nowhere to go");

    // Where neither tells what is open, a child cannot be kept from inheriting it, so nothing is started.
    private const string NothingStarts =
        "nothing can be started: what is open is found neither by close_range nor in /proc/self/fd";

    private static bool HasProc => Directory.Exists("/proc/self/fd");

    private static Finding CloseRangeFinding() =>
        CloseRange
            ? new("close_range", FindingState.Ok, "unused descriptors are closed, and never copied, in one call", "")
        : HasProc
            ? new(
                "close_range",
                FindingState.Degraded,
                "refused",
                "one close a descriptor; those opened by other threads during a start are left to close-on-exec"
            )
        : new("close_range", FindingState.Missing, "refused", NothingStarts);

    private static Finding ProcFinding() =>
        HasProc ? new("/proc", FindingState.Ok, "mounted", "")
        : CloseRange
            ? new(
                "/proc",
                FindingState.Degraded,
                "not mounted",
                "hints in error messages are poorer; trees are found by their cgroup only"
            )
        : new("/proc", FindingState.Missing, "not mounted", NothingStarts);

    private static Finding EnvironmentFinding() =>
        CoreClrEnvironment.IsAvailable
            ? new("environment", FindingState.Ok, "changes are seen without a copy", "")
            : new(
                "environment",
                FindingState.Degraded,
                "this runtime keeps it elsewhere",
                "about 0.5 KB allocated a start for each variable"
            );

    private static Finding SigChildFinding(bool kept) =>
        (IgnoredSignals.AtFirstStart & SignalSet.Bit(Signal.SIGCHLD.Number)) == 0
            ? new("SIGCHLD", FindingState.Ok, "not ignored", "")
            : new(
                "SIGCHLD",
                kept ? FindingState.Degraded : FindingState.Missing,
                "inherited ignored: the kernel reaps children itself",
                kept && Rung is Rung.PosixSpawn
                        ? "exit statuses come from the pidfd, without resource usage; those of children that end at once are lost"
                    : kept ? "exit statuses come from the pidfd, without resource usage"
                    : "exit statuses are lost: see 'exit status by pidfd'"
            );

    private static Finding PidOneFinding(bool kept) =>
        Environment.ProcessId != 1
            ? new("pid", FindingState.Ok, "not pid 1", "")
            : new(
                "pid",
                FindingState.Degraded,
                "pid 1: System.Diagnostics.Process reaps every child",
                kept
                    ? "exit statuses may come from the pidfd, without resource usage"
                    : "exit statuses may be lost: see 'exit status by pidfd'"
            );
}
