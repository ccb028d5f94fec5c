using Spork.Tests.Support;

namespace Spork.Tests.Linux;

public class ResourceTests
{
    private static readonly Dictionary<Resource, string> s_macros = new()
    {
        [Resource.CpuTime] = "RLIMIT_CPU",
        [Resource.FileSize] = "RLIMIT_FSIZE",
        [Resource.DataSize] = "RLIMIT_DATA",
        [Resource.StackSize] = "RLIMIT_STACK",
        [Resource.CoreSize] = "RLIMIT_CORE",
        [Resource.ResidentSet] = "RLIMIT_RSS",
        [Resource.ProcessCount] = "RLIMIT_NPROC",
        [Resource.OpenFiles] = "RLIMIT_NOFILE",
        [Resource.LockedMemory] = "RLIMIT_MEMLOCK",
        [Resource.AddressSpace] = "RLIMIT_AS",
        [Resource.FileLocks] = "RLIMIT_LOCKS",
        [Resource.PendingSignals] = "RLIMIT_SIGPENDING",
        [Resource.MessageQueueBytes] = "RLIMIT_MSGQUEUE",
        [Resource.NiceCeiling] = "RLIMIT_NICE",
        [Resource.RealtimePriority] = "RLIMIT_RTPRIO",
        [Resource.RealtimeCpuTime] = "RLIMIT_RTTIME",
    };

    [Fact]
    public void Every_resource_has_the_number_of_the_kernel_header_and_none_is_missing()
    {
        var headers = CProbe.Run(
            ["linux/resource.h"],
            [.. s_macros.Values.Select(CExpression.Macro), CExpression.Macro("RLIM_NLIMITS")],
            "the numbers of resource limits against linux/resource.h"
        );
        var values = Enum.GetValues<Resource>();
        Assert.Equal(headers["RLIM_NLIMITS"], values.Length);
        Assert.All(values, resource => Assert.Equal(headers[s_macros[resource]], (long)resource));
    }
}
