namespace Spork.Cli.Bench;

internal static class HeapSize
{
    public static string Format(ulong bytes) =>
        bytes >= 1UL << 30 && bytes % (1UL << 30) == 0 ? $"{bytes >> 30} GB"
        : bytes >= 1UL << 20 ? $"{bytes >> 20} MB"
        : bytes == 0 ? "0"
        : $"{bytes} B";
}
