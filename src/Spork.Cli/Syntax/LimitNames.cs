namespace Spork.Cli.Syntax;

/// <summary>The names of limits.conf(5), prlimit(1) and systemd are one family; these are limits.conf's.</summary>
internal static class LimitNames
{
    private static readonly Dictionary<string, (Resource Resource, bool IsBytes)> Known = new(StringComparer.Ordinal)
    {
        ["as"] = (Resource.AddressSpace, true),
        ["core"] = (Resource.CoreSize, true),
        ["cpu"] = (Resource.CpuTime, false),
        ["data"] = (Resource.DataSize, true),
        ["fsize"] = (Resource.FileSize, true),
        ["locks"] = (Resource.FileLocks, false),
        ["memlock"] = (Resource.LockedMemory, true),
        ["msgqueue"] = (Resource.MessageQueueBytes, true),
        ["nice"] = (Resource.NiceCeiling, false),
        ["nofile"] = (Resource.OpenFiles, false),
        ["nproc"] = (Resource.ProcessCount, false),
        ["rss"] = (Resource.ResidentSet, true),
        ["rtprio"] = (Resource.RealtimePriority, false),
        ["rttime"] = (Resource.RealtimeCpuTime, false),
        ["sigpending"] = (Resource.PendingSignals, false),
        ["stack"] = (Resource.StackSize, true),
    };

    public static string All { get; } = string.Join(", ", Known.Keys.Order(StringComparer.Ordinal));

    public static bool TryGet(string name, out (Resource Resource, bool IsBytes) limit) =>
        Known.TryGetValue(name, out limit);
}
