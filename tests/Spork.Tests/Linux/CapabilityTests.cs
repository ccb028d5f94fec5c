using Spork.Linux;
using Spork.Spawning;
using Spork.Tests.Support;

namespace Spork.Tests.Linux;

/// <summary>Names and numbers that users read, against the headers; and what libc's databases look like.</summary>
public class CapabilityTests
{
    [Fact]
    public void Every_capability_has_the_number_of_the_kernel_headers()
    {
        var names = Enum.GetNames<Capability>();
        var headers = CProbe.Run(["linux/capability.h"], names.Select(CExpression.Macro), "capability numbers");
        Assert.Equal(
            names.Select(n => (n, headers.GetValueOrDefault(n, -1))),
            names.Select(n => (n, (long)(int)Enum.Parse<Capability>(n)))
        );
    }

    [Fact]
    public void Every_kind_of_namespace_has_the_flag_of_the_kernel_headers()
    {
        (Namespaces Kind, ulong Flag)[] pairs =
        [
            (Namespaces.Time, Sched.CLONE_NEWTIME),
            (Namespaces.Mount, Sched.CLONE_NEWNS),
            (Namespaces.Cgroup, Sched.CLONE_NEWCGROUP),
            (Namespaces.HostName, Sched.CLONE_NEWUTS),
            (Namespaces.Ipc, Sched.CLONE_NEWIPC),
            (Namespaces.User, Sched.CLONE_NEWUSER),
            (Namespaces.Process, Sched.CLONE_NEWPID),
            (Namespaces.Network, Sched.CLONE_NEWNET),
        ];
        Assert.Equal(Enum.GetValues<Namespaces>().Length - 1, pairs.Length);
        Assert.All(pairs, p => Assert.Equal(p.Flag, (ulong)p.Kind));
    }

    [Fact]
    public void Records_of_the_databases_lie_as_libc_says()
    {
        var answer = CProbe.Run(
            ["pwd.h", "grp.h"],
            [
                CExpression.SizeOf("struct passwd"),
                CExpression.OffsetOf("struct passwd", "pw_name"),
                CExpression.OffsetOf("struct passwd", "pw_uid"),
                CExpression.OffsetOf("struct passwd", "pw_gid"),
                CExpression.SizeOf("struct group"),
                CExpression.OffsetOf("struct group", "gr_gid"),
            ],
            "passwd and group records"
        );
        Assert.Equal(
            [
                AccountDatabase.PasswdSize,
                0,
                AccountDatabase.PasswdUidOffset,
                AccountDatabase.PasswdGidOffset,
                AccountDatabase.GroupSize,
                AccountDatabase.GroupGidOffset,
            ],
            answer.Values
        );
    }

    [Fact]
    public void The_kernels_known_capabilities_are_those_of_cap_last_cap()
    {
        const string Path = "/proc/sys/kernel/cap_last_cap";
        Assert.SkipUnless(File.Exists(Path), "NOT TESTED: the last capability: no /proc/sys.");
        var last = int.Parse(File.ReadAllText(Path));
        Assert.Equal((1UL << (last + 1)) - 1, CapabilitySets.Known);
    }
}
