namespace Spork.Cli.Syntax;

/// <summary>Kinds of namespaces by the names of /proc/PID/ns: <c>mnt,net</c>.</summary>
internal static class NamespaceList
{
    private static readonly Dictionary<string, Namespaces> Names = new(StringComparer.Ordinal)
    {
        ["mnt"] = Namespaces.Mount,
        ["net"] = Namespaces.Network,
        ["pid"] = Namespaces.Process,
        ["user"] = Namespaces.User,
        ["uts"] = Namespaces.HostName,
        ["ipc"] = Namespaces.Ipc,
        ["cgroup"] = Namespaces.Cgroup,
        ["time"] = Namespaces.Time,
    };

    public static Namespaces Parse(string option, string text) =>
        text.Split(',', StringSplitOptions.TrimEntries)
            .Aggregate(
                Namespaces.None,
                (kinds, name) =>
                    Names.TryGetValue(name, out var kind)
                        ? kinds | kind
                        : throw new UsageException(
                            $"{option} {text}: '{name}' is none of {string.Join(", ", Names.Keys)}"
                        )
            );
}
