using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/eventpoll.h.</summary>
internal static class Epoll
{
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLONESHOT = 1 << 30;
}

/// <summary><c>struct epoll_event</c>: packed on x64 only.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    internal uint Events;
    internal long Data;
}
