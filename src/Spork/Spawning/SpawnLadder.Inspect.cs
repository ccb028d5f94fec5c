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
            CloseRange
                ? new(
                    "close_range",
                    FindingState.Ok,
                    "unused descriptors are closed, and never copied, in one call",
                    ""
                )
                : new(
                    "close_range",
                    FindingState.Degraded,
                    "refused",
                    "one close a descriptor; those opened by other threads during a start are left to close-on-exec"
                ),
            RobustListFinding(),
            ExitInfoFinding(),
            GroupSignalFinding(),
            CgroupFinding(),
            OwnCgroupFinding(),
            SecondStageFinding(),
            UserNamespaceFinding(),
            TerminalFinding(),
            ProcFinding(),
            EnvironmentFinding(),
            SigChildFinding(),
            PidOneFinding(),
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

    private static Finding ExitInfoFinding() =>
        Environment.OSVersion.Version >= new Version(6, 15)
            ? new(
                "exit status by pidfd",
                FindingState.Ok,
                "known even when somebody else reaps the child (PIDFD_GET_INFO)",
                ""
            )
            : new(
                "exit status by pidfd",
                FindingState.Degraded,
                "needs kernel 6.15",
                "a status that a wait(-1) elsewhere in this process takes is reported lost"
            );

    private static Finding CgroupFinding() =>
        CgroupMount.Find() is { } mount
            ? new("cgroup v2", FindingState.Ok, mount, "")
            : new("cgroup v2", FindingState.Missing, "not mounted", "WithCgroup has nowhere to go");

    private static Finding ProcFinding() =>
        Directory.Exists("/proc/self/fd")
            ? new("/proc", FindingState.Ok, "mounted", "")
            : new(
                "/proc",
                FindingState.Degraded,
                "not mounted",
                CloseRange
                    ? "hints in error messages are poorer"
                    : "descriptors that are not close-on-exec cannot be found"
            );

    private static Finding EnvironmentFinding() =>
        CoreClrEnvironment.IsAvailable
            ? new("environment", FindingState.Ok, "changes are seen without a copy", "")
            : new(
                "environment",
                FindingState.Degraded,
                "this runtime keeps it elsewhere",
                "about 0.5 KB allocated a start for each variable"
            );

    private static Finding SigChildFinding() =>
        (IgnoredSignals.AtFirstStart & SignalSet.Bit(Signal.SIGCHLD.Number)) == 0
            ? new("SIGCHLD", FindingState.Ok, "not ignored", "")
            : new(
                "SIGCHLD",
                FindingState.Degraded,
                "inherited ignored: the kernel reaps children itself",
                "exit statuses come from the pidfd, without resource usage"
            );

    private static Finding PidOneFinding() =>
        Environment.ProcessId != 1
            ? new("pid", FindingState.Ok, "not pid 1", "")
            : new(
                "pid",
                FindingState.Degraded,
                "pid 1: System.Diagnostics.Process reaps every child",
                "exit statuses may come from the pidfd, without resource usage"
            );
}
