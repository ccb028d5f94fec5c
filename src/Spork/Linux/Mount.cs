namespace Spork.Linux;

/// <summary>linux/mount.h.</summary>
internal static class Mount
{
    internal const int MS_REC = 16384;
    internal const int MS_PRIVATE = 1 << 18;
}
