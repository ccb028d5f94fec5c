namespace Spork.Linux;

/// <summary>linux/ioprio.h.</summary>
internal static class IoPriority
{
    internal const int IOPRIO_CLASS_SHIFT = 13;

    /// <summary>IOPRIO_WHO_PROCESS, which is an enumeration's in the header, not a macro.</summary>
    internal const int WhoProcess = 1;
}
