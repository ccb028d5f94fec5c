using Spork.Spawning;

namespace Spork.Tests.Support;

/// <summary>
/// While it lives, a program compiled to execve waits a minute for who has the file open for writing, not 300 ms: time
/// enough to find the child and look at it, on any machine and under strace.
/// </summary>
internal sealed class LongBusyWaits : IDisposable
{
    private readonly int _usual = ExecSteps.BusyWaits;

    // Each is 5 ms.
    public LongBusyWaits() => ExecSteps.BusyWaits = 12_000;

    public void Dispose() => ExecSteps.BusyWaits = _usual;
}
