using System.Text;

namespace Spork.Dummy;

// What the kernel says about this process, in lines that a test can split.
internal static class ProcCommands
{
    // Not Environment.GetEnvironmentVariables: it drops duplicates and entries without '='.
    public static int Environment()
    {
        foreach (var entry in File.ReadAllText("/proc/self/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            Console.WriteLine(entry);
        }

        return 0;
    }

    // Includes the runtime's own descriptors; a test looks for the ones it passed.
    public static int Descriptors()
    {
        var text = new StringBuilder();
        foreach (var link in new DirectoryInfo("/proc/self/fd").GetFileSystemInfos())
        {
            // The listing's own descriptor is gone by now and has no target.
            if (link.LinkTarget is { } target)
            {
                text.Append(link.Name).Append(' ').Append(target).Append('\n');
            }
        }

        Console.Write(text);
        return 0;
    }

    public static int Status()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("Sig", StringComparison.Ordinal) || line.StartsWith("Umask", StringComparison.Ordinal))
            {
                Console.WriteLine(line);
            }
        }

        return 0;
    }

    public static int Limits()
    {
        Console.Write(File.ReadAllText("/proc/self/limits"));
        return 0;
    }

    public static int WorkingDirectory()
    {
        Console.WriteLine(new FileInfo("/proc/self/cwd").LinkTarget);
        return 0;
    }

    // proc_pid_stat(5), fields counted after the name, which may itself hold blanks and parentheses.
    public static int Identity()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        Console.WriteLine($"pid={System.Environment.ProcessId}");
        Console.WriteLine($"ppid={fields[1]}");
        Console.WriteLine($"pgid={fields[2]}");
        Console.WriteLine($"sid={fields[3]}");
        Console.WriteLine($"nice={fields[16]}");
        const string Affinity = "Cpus_allowed_list:";
        var allowed = File.ReadLines("/proc/self/status")
            .First(line => line.StartsWith(Affinity, StringComparison.Ordinal));
        Console.WriteLine($"affinity={allowed[Affinity.Length..].Trim()}");
        return 0;
    }
}
