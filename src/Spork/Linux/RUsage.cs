using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/resource.h <c>struct rusage</c>; 144 bytes on 64-bit.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RUsage
{
    internal long UserSeconds;
    internal long UserMicroseconds;
    internal long SystemSeconds;
    internal long SystemMicroseconds;
    internal long MaxResidentKilobytes;
    internal long SharedText;
    internal long UnsharedData;
    internal long UnsharedStack;
    internal long MinorFaults;
    internal long MajorFaults;
    internal long Swaps;
    internal long BlockInputs;
    internal long BlockOutputs;
    internal long MessagesSent;
    internal long MessagesReceived;
    internal long Signals;
    internal long VoluntarySwitches;
    internal long InvoluntarySwitches;

    internal readonly ResourceUsage ToResourceUsage() =>
        new(
            TimeSpan.FromSeconds(UserSeconds) + TimeSpan.FromMicroseconds(UserMicroseconds),
            TimeSpan.FromSeconds(SystemSeconds) + TimeSpan.FromMicroseconds(SystemMicroseconds),
            MaxResidentKilobytes * 1024,
            MinorFaults,
            MajorFaults,
            BlockInputs,
            BlockOutputs,
            VoluntarySwitches,
            InvoluntarySwitches
        );
}
