using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary><c>struct pollfd</c> of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    internal int Descriptor;
    internal short Events;
    internal short ReturnedEvents;

    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const short POLLHUP = 0x10;
}
