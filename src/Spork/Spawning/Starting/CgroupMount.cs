namespace Spork.Spawning;

/// <summary>Where cgroup v2 is mounted: the only mount, or beside v1 (hybrid).</summary>
internal static class CgroupMount
{
    internal static string? Find()
    {
        if (!File.Exists("/proc/self/mounts"))
        {
            return null;
        }

        return File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .FirstOrDefault(f => f.Length > 2 && f[2] == "cgroup2")
            ?[1];
    }
}
