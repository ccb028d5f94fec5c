using System.Globalization;

namespace Spork.Tests.Support;

/// <summary>A child of this process as /proc shows it; state Z is a zombie. proc_pid_stat(5).</summary>
internal sealed record ChildEntry(int Id, string Name, char State)
{
    public bool IsZombie => State == 'Z';

    public override string ToString() => $"child {Id} ({Name}) state {State}";

    public static IReadOnlyList<ChildEntry> ListOwn()
    {
        var children = new List<ChildEntry>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && ReadStat(directory) is { } stat
            )
            {
                var open = stat.IndexOf('(', StringComparison.Ordinal);
                var close = stat.LastIndexOf(')');
                var fields = stat[(close + 2)..].Split(' ');
                if (int.Parse(fields[1], CultureInfo.InvariantCulture) == Environment.ProcessId)
                {
                    children.Add(new ChildEntry(id, stat[(open + 1)..close], fields[0][0]));
                }
            }
        }

        return children;
    }

    // Null when the process went away while we looked.
    private static string? ReadStat(string directory)
    {
        try
        {
            return File.ReadAllText(directory + "/stat");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
