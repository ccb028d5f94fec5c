namespace Spork.Spawning;

/// <summary>Kinds of namespaces as strace writes them.</summary>
internal static class NamespaceNames
{
    private static readonly (Namespaces Kind, string Flag)[] All =
    [
        (Namespaces.Mount, "CLONE_NEWNS"),
        (Namespaces.Cgroup, "CLONE_NEWCGROUP"),
        (Namespaces.HostName, "CLONE_NEWUTS"),
        (Namespaces.Ipc, "CLONE_NEWIPC"),
        (Namespaces.User, "CLONE_NEWUSER"),
        (Namespaces.Process, "CLONE_NEWPID"),
        (Namespaces.Network, "CLONE_NEWNET"),
        (Namespaces.Time, "CLONE_NEWTIME"),
    ];

    /// <summary>One by one.</summary>
    internal static IEnumerable<Namespaces> In(Namespaces kinds) =>
        All.Where(k => kinds.HasFlag(k.Kind)).Select(k => k.Kind);

    internal static string Flags(Namespaces kinds) =>
        kinds == Namespaces.None ? "0" : string.Join('|', All.Where(k => kinds.HasFlag(k.Kind)).Select(k => k.Flag));
}
