using System.Runtime.InteropServices;

namespace Spork.Linux;

/// <summary>linux/eventpoll.h.</summary>
internal static class Epoll
{
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLOUT = 4;
    internal const uint EPOLLERR = 8;
    internal const uint EPOLLHUP = 0x10;
    internal const uint EPOLLONESHOT = 1 << 30;
    internal const uint EPOLLET = 1u << 31;
}

/// <summary><c>struct epoll_event</c>: packed on x64 only.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    internal uint Events;
    internal long Data;
}
