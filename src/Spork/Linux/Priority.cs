namespace Spork.Linux;

/// <summary>linux/resource.h: whom setpriority(2) means.</summary>
internal static class Priority
{
    internal const int PRIO_PROCESS = 0;
}
