namespace Spork.Cli.Bench;

/// <summary>A managed heap whose every page is really there: what makes fork slow, and what a spawn must not feel.</summary>
internal static class TouchedHeap
{
    private const int Block = 64 << 20;
    private const int Page = 4096;

    public static byte[][] Allocate(ulong bytes)
    {
        var blocks = new byte[(int)((bytes + Block - 1) / Block)][];
        for (var b = 0; b < blocks.Length; b++)
        {
            var block = blocks[b] = new byte[Block];
            for (var at = 0; at < block.Length; at += Page)
            {
                block[at] = 1;
            }
        }

        return blocks;
    }

    /// <summary>What a new heap may take here: the machine's free memory, or the container's limit if that is less.</summary>
    public static ulong Available()
    {
        const string Field = "MemAvailable:";
        var limit = (ulong)GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal));
        return line is null
            ? 0
            : Math.Min(
                limit,
                ulong.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) << 10
            );
    }
}
