namespace Spork.Linux;

/// <summary>linux/ioprio.h.</summary>
internal static class IoPriority
{
    internal const int IOPRIO_CLASS_SHIFT = 13;
    internal const int IOPRIO_WHO_PROCESS = 1;
}
