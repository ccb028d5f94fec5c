namespace Spork;

/// <summary>
/// What a process consumed until it ended, with the descendants it waited for, as the kernel accounted it to its
/// parent. See getrusage(2), wait4(2).
/// </summary>
/// <param name="UserTime">Processor time in user mode, over all threads.</param>
/// <param name="SystemTime">Processor time in the kernel, over all threads.</param>
/// <param name="MaxResidentBytes">
/// The largest resident set, in bytes. The kernel counts in kibibytes; of the process and its descendants the largest
/// single one counts, not the sum. The child shared this process's memory until exec, and the kernel remembers that peak:
/// of a small program it tells this process's size (as with vfork and posix_spawn).
/// </param>
/// <param name="MinorFaults">Page faults served without reading from storage.</param>
/// <param name="MajorFaults">Page faults that had to read from storage.</param>
/// <param name="BlockInputs">Reads from storage, in blocks of 512 bytes; reads from the page cache do not count.</param>
/// <param name="BlockOutputs">Writes caused to storage, in blocks of 512 bytes.</param>
/// <param name="VoluntarySwitches">Times it gave up the processor to wait.</param>
/// <param name="InvoluntarySwitches">Times it was taken off the processor.</param>
public sealed record ResourceUsage(
    TimeSpan UserTime,
    TimeSpan SystemTime,
    long MaxResidentBytes,
    long MinorFaults,
    long MajorFaults,
    long BlockInputs,
    long BlockOutputs,
    long VoluntarySwitches,
    long InvoluntarySwitches
);
