using System.Runtime.InteropServices;

namespace Spork.Cli.Bench;

/// <summary>What a figure is worth nothing without.</summary>
internal sealed record MachineFacts(
    string Processor,
    int Processors,
    string Memory,
    string Kernel,
    string Runtime,
    string Rung
)
{
    public string Header =>
        $"{Processor}, {Processors} processors, {Memory}; Linux {Kernel}; {Runtime}; through {Rung}";

    public static MachineFacts Describe() =>
        new(
            Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            MemorySize(),
            Field("/proc/sys/kernel/osrelease", null) ?? Environment.OSVersion.Version.ToString(),
            RuntimeInformation.FrameworkDescription,
            SpawnLadder.Current
        );

    /// <summary>How many wanted a processor in the last minute; see proc_loadavg(5).</summary>
    public static string Load() => Field("/proc/loadavg", null)?.Split(' ')[0] ?? "unknown";

    private static string MemorySize()
    {
        var total = Field("/proc/meminfo", "MemTotal");
        return total is null ? "memory unknown" : $"{ulong.Parse(total.Split(' ')[0]) / (1024.0 * 1024):0.#} GB";
    }

    private static string? Field(string path, string? name)
    {
        try
        {
            return name is null
                ? File.ReadAllText(path).Trim()
                : File.ReadLines(path)
                    .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))
                    ?.Split(':', 2)[1]
                    .Trim();
        }
        catch (IOException)
        {
            // A machine without /proc still has figures; the header says less.
            return null;
        }
    }
}
