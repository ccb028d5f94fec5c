using Spork.Linux;

namespace Spork.Spawning;

/// <summary>
/// In place of a pidfd: readable once the double has ended, as a pidfd is, so that poll and the reactor need not know. The
/// calls that only a pidfd understands ask <see cref="Process"/> instead.
/// </summary>
internal sealed class DoublePidFd(int number, DoubleProcess process) : Descriptor(number)
{
    internal DoubleProcess Process => process;
}
